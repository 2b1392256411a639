import type { MysqlPoolConnection } from 'kysely'

/** Statements too large for a packet of the server. */

/** Statements from this size on are measured: no server is set up to take less. */
const MEASURED_BYTES = 512 * 1024

/**
 * At least so many bytes are sent: the driver writes bytes as hexadecimal digits, and texts escaped. Nothing else
 * is as large.
 */
const sizeOf = (text: string, values: readonly unknown[]): number =>
  values.reduce<number>(
    (sum, value) =>
      sum +
      (value instanceof Uint8Array ? 2 * value.byteLength : typeof value === 'string' ? value.length : 0),
    text.length,
  )

/**
 * A server that is sent too much says so and hangs up while it is still being written to: as often as not its words
 * are lost, and it looks as if it were gone. So it is asked before.
 */
const refusalOf = async (connection: MysqlPoolConnection, bytes: number): Promise<Error | null> => {
  const limit = await maxPacketOf(connection)
  if (limit === null || bytes <= limit) return null
  const refusal = new Error(`${bytes} bytes, where max_allowed_packet is ${limit}`)
  return Object.assign(refusal, { code: 'ER_NET_PACKET_TOO_LARGE' })
}

/** Null when it does not say; what is wrong with the connection the statement itself hears. */
const maxPacketOf = (connection: MysqlPoolConnection): Promise<number | null> =>
  new Promise((resolve) => {
    connection.query('select @@max_allowed_packet as answer', [], (error, rows) => {
      const answer = error ? null : (rows as { answer?: unknown }[])[0]?.answer
      resolve(typeof answer === 'number' ? answer : null)
    })
  })

/** Refuses, by the server's own code, what the server would refuse. */
export const measuredConnection = (connection: MysqlPoolConnection): MysqlPoolConnection =>
  ({
    ...(connection as object),
    release: () => connection.release(),
    query: (
      text: string,
      values: readonly unknown[],
      callback: (error: unknown, result: unknown) => void,
    ) => {
      const bytes = sizeOf(text, values)
      const send = (): unknown => connection.query(text, values, callback)
      if (bytes < MEASURED_BYTES) return send()
      void refusalOf(connection, bytes).then((refusal) => {
        // In braces: what the driver answers looks like a promise, and is none.
        if (refusal) callback(refusal, undefined)
        else send()
      })
    },
  }) as MysqlPoolConnection
