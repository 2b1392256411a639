import { mkdirSync } from 'node:fs'
import { createStream, type RotatingFileStream } from 'rotating-file-stream'
import { messageOf } from '../../shared/domain/errors.ts'
import type { Clock } from './clock.ts'
import { PRIVATE_FILE, PRIVATE_FOLDER } from './write-file.ts'

const FILE = 'pswebhost.log'
const RETRY_MS = 60_000

export interface LogFile {
  write(line: string): void
  close(): Promise<void>
}

const open = (dir: string): RotatingFileStream => {
  mkdirSync(dir, { recursive: true, mode: PRIVATE_FOLDER })
  const nameOf = (index: number | Date | null): string => (index ? `${FILE}.${String(index)}` : FILE)
  return createStream(nameOf, { path: dir, size: '10M', rotate: 5, mode: PRIVATE_FILE })
}

const finish = (stream: RotatingFileStream): Promise<void> =>
  new Promise((resolve) => {
    stream.once('error', () => resolve())
    stream.once('close', () => resolve())
    stream.end()
  })

/**
 * The rotating file. When it cannot be written (disk full, folder gone) that is said once through `complain`,
 * lines are dropped for a minute, then it is opened anew: a log must not end the node it reports on.
 */
export const createLogFile = (dir: string, clock: Clock, complain: (message: string) => void): LogFile => {
  let stream: RotatingFileStream | null = null
  let retryAt = -Infinity

  const fail = (error: unknown): void => {
    stream = null
    retryAt = clock.monotonic() + RETRY_MS
    complain(`The log in ${dir} cannot be written (${messageOf(error)}); trying again in a minute.`)
  }

  const current = (): RotatingFileStream | null => {
    if (stream || clock.monotonic() < retryAt) return stream
    try {
      const opened = open(dir)
      opened.on('error', (error) => (stream === opened ? fail(error) : undefined))
      stream = opened
    } catch (error) {
      fail(error)
    }
    return stream
  }

  return {
    write: (line) => void current()?.write(line),
    close: async () => {
      if (stream) await finish(stream)
      stream = null
    },
  }
}
