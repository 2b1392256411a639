import { Client } from 'pg'
import type { Clock } from '../../platform/clock.ts'
import type { Signals } from '../dialects/connection.ts'
import type { ConnectOptions, ServerConfig } from '../dialects/dialect.ts'
import { sessionOf } from './postgres-pool.ts'

/*
 * LISTEN and NOTIFY on a connection of their own: a pool's connections come and go, and what one listens to goes with
 * it. A pooler between that hands sessions on (transaction pooling) loses the signals, which costs nothing but time.
 */

const CHANNEL = 'pswebhost_cluster'
/** What is told within this time is told once. */
const GATHER_MS = 10
const FIRST_PAUSE_MS = 500
const LONGEST_PAUSE_MS = 30_000
/** A connection whose other end is gone says nothing, as one on which nothing happens: so it is asked. */
const ASK_MS = 30_000
const ANSWER_SECONDS = 5

type SignalOptions = Pick<ConnectOptions<ServerConfig>, 'config' | 'clock'>

/** The connection is made when somebody listens, and made again for ever. */
export const postgresSignals = ({ config, clock }: SignalOptions): Signals & { close(): Promise<void> } => {
  const closing = new AbortController()
  const { signal } = closing
  const listeners = new Set<() => void>()
  let line: Line | null = null
  let listening: Promise<void> | null = null
  let telling = false

  const keepListening = async (): Promise<void> => {
    for (let failures = 0; !signal.aborted; failures += 1) {
      line = null
      const client = new Client(
        sessionOf(config, { max: 1, timeoutSeconds: ANSWER_SECONDS, mayStandStill: true }),
      )
      // Availability is the pools' to tell; here it is tried again.
      await listen(client, clock, signal, (heard) => {
        if ('ask' in heard) line = heard
        // Also at first: what was told meanwhile is not told again.
        for (const listener of listeners) listener()
      }).catch(() => undefined)
      if (line) failures = 0
      line = null
      const pause = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(failures, 10))
      await clock.sleep(pause * (0.5 + Math.random()), signal)
    }
  }

  const tell = async (): Promise<void> => {
    await clock.sleep(GATHER_MS, signal)
    telling = false
    await line?.ask(`notify ${CHANNEL}`).catch(() => undefined)
  }

  return {
    send: () => {
      if (telling || !line) return
      telling = true
      void tell()
    },
    onSignal: (listener) => {
      listeners.add(listener)
      listening ??= keepListening()
    },
    close: async () => {
      closing.abort()
      await listening
    },
  }
}

/** The connection while it listens. */
interface Line {
  ask: (statement: string) => Promise<unknown>
}

/**
 * Until the connection breaks, or `signal` aborts.
 * @param hear is given the line once it is there, and then called for each signal of another program.
 */
const listen = async (
  client: Client,
  clock: Clock,
  signal: AbortSignal,
  hear: (heard: Line | { signal: true }) => void,
): Promise<void> => {
  const broken = new AbortController()
  client.on('error', () => broken.abort())
  client.on('end', () => broken.abort())
  client.on('notification', ({ processId }) => {
    if (processId !== processOf(client)) hear({ signal: true })
  })
  const over = AbortSignal.any([broken.signal, signal])
  const hangUp = (): void => void client.end().catch(() => undefined)
  signal.addEventListener('abort', hangUp)
  try {
    await client.connect()
    const ask = inTurn(client)
    await ask(`listen ${CHANNEL}`)
    hear({ ask })
    while (!over.aborted) {
      await clock.sleep(ASK_MS, over)
      if (!over.aborted) await ask('select 1')
    }
  } finally {
    signal.removeEventListener('abort', hangUp)
    hangUp()
  }
}

/** One statement after the other. */
const inTurn = (client: Client): Line['ask'] => {
  let last: Promise<unknown> = Promise.resolve()
  return (statement) => (last = last.catch(() => undefined).then(() => client.query(statement)))
}

/** The server's process behind a connection; its type leaves it out. */
const processOf = (client: Client): number | undefined => (client as { processID?: number }).processID
