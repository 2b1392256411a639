import { createServer, type AddressInfo, type Socket } from 'node:net'

/*
 * A server that speaks as much of SQL Server's protocol (MS-TDS) as one connection needs, and answers what the test
 * says. It knows no SQL: it shows what the driver sends, and what the driver makes of an answer.
 */

export interface TdsRequest {
  kind: 'prelogin' | 'login' | 'batch' | 'rpc' | 'transaction'
  /** What is text in it. */
  text: string
}

export interface TdsServer {
  port: number
  requests: TdsRequest[]
  close: () => Promise<void>
}

const KINDS: Partial<Record<number, TdsRequest['kind']>> = {
  0x12: 'prelogin',
  0x10: 'login',
  0x01: 'batch',
  0x03: 'rpc',
  0x0e: 'transaction',
}
const HEADER = 8

/** @param answer the tokens of an answer; undefined hangs up. */
export const startTdsServer = async (
  answer: (request: TdsRequest) => Buffer | undefined,
): Promise<TdsServer> => {
  const requests: TdsRequest[] = []
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    onMessage(socket, (type, payload) => {
      const kind = KINDS[type]
      if (!kind) return socket.destroy()
      const request = { kind, text: textIn(payload) }
      requests.push(request)
      const tokens = kind === 'prelogin' ? PRELOGIN : answer(request)
      if (tokens) socket.write(packet(tokens))
      else socket.destroy()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const close = async (): Promise<void> => {
    for (const socket of sockets) socket.destroy()
    await new Promise((resolve) => server.close(resolve))
  }
  return { port: (server.address() as AddressInfo).port, requests, close }
}

/** A message is one packet or several; the last one says so. */
const onMessage = (socket: Socket, take: (type: number, payload: Buffer) => void): void => {
  let waiting = Buffer.alloc(0)
  let parts: Buffer[] = []
  socket.on('data', (data) => {
    waiting = Buffer.concat([waiting, data])
    while (waiting.length >= HEADER && waiting.length >= waiting.readUInt16BE(2)) {
      const size = waiting.readUInt16BE(2)
      const [type, status] = [waiting.readUInt8(0), waiting.readUInt8(1)]
      parts.push(waiting.subarray(HEADER, size))
      waiting = waiting.subarray(size)
      if ((status & 1) === 0) continue
      const payload = Buffer.concat(parts)
      parts = []
      take(type, payload)
    }
  })
}

/** Texts stand at even places in some requests, at odd ones in others. */
const textIn = (payload: Buffer): string =>
  payload.toString('utf16le') + payload.subarray(1).toString('utf16le')

const packet = (tokens: Buffer): Buffer => {
  const header = Buffer.from([0x04, 0x01, 0, 0, 0, 0, 1, 0])
  header.writeUInt16BE(HEADER + tokens.length, 2)
  return Buffer.concat([header, tokens])
}

/** Version, and no encryption. */
const PRELOGIN = Buffer.from([0, 0, 11, 0, 6, 1, 0, 17, 0, 1, 0xff, 16, 0, 0, 0, 0, 0, 2])

const le16 = (value: number): Buffer => Buffer.from([value & 255, value >> 8])
const le32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32LE(value)
  return bytes
}
const le64 = (value: bigint): Buffer => {
  const bytes = Buffer.alloc(8)
  bytes.writeBigInt64LE(value)
  return bytes
}
const short = (text: string): Buffer =>
  Buffer.concat([Buffer.from([text.length]), Buffer.from(text, 'utf16le')])
const sized = (token: number, ...parts: Buffer[]): Buffer => {
  const body = Buffer.concat(parts)
  return Buffer.concat([Buffer.from([token]), le16(body.length), body])
}

/** The end of an answer; `rows` affected. */
export const done = (rows = 0): Buffer =>
  Buffer.concat([Buffer.from([0xfd]), le16(0x10), le16(0), le64(BigInt(rows))])

export const failure = (number: number, message: string): Buffer =>
  sized(
    0xaa,
    le32(number),
    Buffer.from([1, 16]),
    le16(message.length),
    Buffer.from(message, 'utf16le'),
    short('server'),
    short(''),
    le32(1),
  )

export const welcome = (): Buffer =>
  Buffer.concat([
    sized(0xad, Buffer.from([1, 0x74, 0, 0, 4]), short('SQL'), Buffer.from([16, 0, 0, 0])),
    done(),
  ])

const TRANSACTION = Buffer.from([8, 1, 2, 3, 4, 5, 6, 7, 8])

/** A transaction has begun. */
export const begun = (): Buffer => sized(0xe3, Buffer.from([8]), TRANSACTION, Buffer.from([0]))

/** The server took the transaction back. */
export const rolledBack = (): Buffer => sized(0xe3, Buffer.from([10, 0]), TRANSACTION)

/** A row of whole numbers of 64 bits, the first of which may not be NULL. */
export const bigRow = (first: readonly [string, bigint], second: readonly [string, bigint]): Buffer =>
  Buffer.concat([
    Buffer.from([0x81]),
    le16(2),
    ...[le32(0), le16(0), Buffer.from([0x7f]), short(first[0])],
    ...[le32(0), le16(1), Buffer.from([0x26, 8]), short(second[0])],
    Buffer.from([0xd1]),
    le64(first[1]),
    Buffer.from([8]),
    le64(second[1]),
  ])
