import { pino, stdSerializers, type Logger } from 'pino'
import { createLogFile, type LogFile } from './log-file.ts'
import { humanLine } from './log-line.ts'
import { createMasker } from './secrets/mask.ts'
import { isoOf, systemClock, type Clock } from './clock.ts'

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const
export type LogLevel = (typeof LOG_LEVELS)[number]
export type LogFields = Record<string, unknown>

export interface LogMethod {
  (message: string): void
  (fields: LogFields, message: string): void
}

/** What everything that reports takes. An error goes under `error`: `log.warn({ error }, 'what failed')`. */
export interface Log {
  debug: LogMethod
  info: LogMethod
  warn: LogMethod
  error: LogMethod
  /** The same log, with these fields in every line. */
  child(fields: LogFields): Log
}

/** The node's own log, at the root: it learns secrets and is closed last. */
export interface RootLog extends Log {
  /** From now on `value` is `***` in every line, wherever it stands in it. */
  mask(value: string): void
  /** Writes out what is buffered and closes the file. */
  close(): Promise<void>
}

export interface LogOptions {
  /** The folder of the files, created when missing; null writes to stderr alone. */
  dir: string | null
  level?: LogLevel
  /** Secret values known already; more through `mask`. */
  redact?: readonly string[]
  clock?: Clock
  /** Takes each human line, newline included; default: this process's stderr. */
  stderr?: (line: string) => void
}

/** Fields whose name says that they hold a secret, whatever their value. */
const SECRET_FIELDS = ['password', 'passphrase', 'token', 'authorization', 'secret', 'cookie']
const secretPaths = SECRET_FIELDS.flatMap((name) => [name, `*.${name}`, `*.*.${name}`])

/** pino with one line sink of ours: no worker thread, so a line is on stderr before the call returns. */
const createPino = (level: LogLevel, clock: Clock, write: (json: string) => void): Logger =>
  pino(
    {
      level,
      base: null,
      timestamp: () => `,"time":"${isoOf(clock.now())}"`,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { error: stdSerializers.err },
      redact: { paths: secretPaths, censor: '***' },
    },
    { write },
  )

const asLog = (logger: Logger): Log => ({
  debug: logger.debug.bind(logger),
  info: logger.info.bind(logger),
  warn: logger.warn.bind(logger),
  error: logger.error.bind(logger),
  child: (fields) => asLog(logger.child(fields)),
})

/**
 * JSON lines in `dir/pswebhost.log` (10 MB, five older files), one readable line each on stderr; known secrets
 * are masked in both. A disk that takes no more silences the file, never the node.
 */
export const createLog = (options: LogOptions): RootLog => {
  const clock = options.clock ?? systemClock
  const stderr = options.stderr ?? ((line: string) => void process.stderr.write(line))
  const masker = createMasker(options.redact)
  const complain = (message: string): void => stderr(`${isoOf(clock.now())} WARN  ${masker.apply(message)}\n`)
  const file: LogFile | null = options.dir === null ? null : createLogFile(options.dir, clock, complain)

  const write = (json: string): void => {
    const masked = masker.apply(json)
    file?.write(masked)
    stderr(`${humanLine(masked)}\n`)
  }
  return {
    ...asLog(createPino(options.level ?? 'info', clock, write)),
    mask: masker.add,
    close: async () => file?.close(),
  }
}

export interface MemoryLog extends RootLog {
  /** Every line so far, as it would stand in the file. */
  readonly entries: LogFields[]
}

/** For tests: the same path as the real one, ending in an array. */
export const memoryLog = (level: LogLevel = 'debug'): MemoryLog => {
  const entries: LogFields[] = []
  const masker = createMasker()
  const logger = createPino(level, systemClock, (json) => {
    // pino writes objects; nothing else comes out of JSON.parse here.
    entries.push(JSON.parse(masker.apply(json)) as LogFields)
  })
  return { ...asLog(logger), entries, mask: masker.add, close: async () => undefined }
}
