import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { AppError, messageOf } from '../../../shared/domain/errors.ts'
import { translateDriverError, type DriverFailure } from '../errors.ts'
import type { ReaderAnswer, ReaderData, ReaderRequest } from './reader-protocol.ts'

export interface ReaderOptions extends ReaderData {
  /** The worker's entry file: reader-worker.js beside the bundle, reader-worker.ts in tests. */
  entry: string | URL
}

export interface BackupProgress {
  totalPages: number
  remainingPages: number
}

/** A request without its id; the conditional type keeps the union a union. */
type Request = ReaderRequest extends infer R ? (R extends unknown ? Omit<R, 'id'> : never) : never

/** A thread with a read-only connection. It starts with the first request, and again after a crash. */
export interface Reader {
  query(sql: string, parameters: readonly unknown[]): Promise<unknown[]>
  /** Findings of SQLite's own check; empty when the file is sound. */
  integrity(quick: boolean): Promise<string[]>
  backup(target: string, onProgress?: (progress: BackupProgress) => void): Promise<void>
  /** Refuses what comes later, lets running requests end, and stops the thread. */
  close(): Promise<void>
}

interface Waiting {
  resolve(rows: unknown[]): void
  reject(error: unknown): void
  progress?: ((progress: BackupProgress) => void) | undefined
}

/** @throws AppError UNAVAILABLE for what was in flight when the thread died, and for requests after close. */
export const createReader = (options: ReaderOptions): Reader => {
  const waiting = new Map<number, Waiting>()
  let worker: Worker | undefined
  let lastId = 0
  let closing: Promise<void> | undefined

  const failAll = (died: Worker, reason: string): void => {
    if (worker !== died) return
    worker = undefined
    const error = new AppError('UNAVAILABLE', `the reader of ${options.path} stopped (${reason}); try again`)
    for (const one of waiting.values()) one.reject(error)
    waiting.clear()
  }

  const start = (): Worker => {
    const data: ReaderData = { path: options.path, nativeBinding: options.nativeBinding }
    const started = new Worker(options.entry, { workerData: data, name: 'database reader' })
    let reason = 'its thread ended'
    started.on('message', (answer: ReaderAnswer) => {
      settle(waiting, answer, options.path)
      // A thread that only waits must not keep the process alive.
      if (waiting.size === 0) started.unref()
    })
    started.on('error', (error) => (reason = messageOf(error)))
    started.on('exit', () => failAll(started, reason))
    return started
  }

  const ask = (request: Request, progress?: Waiting['progress']): Promise<unknown[]> => {
    if (closing) return Promise.reject(new AppError('UNAVAILABLE', 'the database is closed'))
    worker ??= start()
    const asked = worker
    asked.ref()
    return new Promise((resolve, reject) => {
      lastId += 1
      waiting.set(lastId, { resolve, reject, progress })
      asked.postMessage({ ...request, id: lastId })
    })
  }

  const stop = async (): Promise<void> => {
    if (!worker) return
    const ended = once(worker, 'exit')
    // Behind what was asked before: requests in flight get their answers.
    worker.postMessage({ kind: 'close' })
    await ended
  }

  return {
    query: (sql, parameters) => ask({ kind: 'query', sql, parameters }),
    integrity: async (quick) => {
      const lines = (await ask({ kind: 'integrity', quick })).map(String)
      return lines.length === 1 && lines[0] === 'ok' ? [] : lines
    },
    backup: async (target, onProgress) => {
      await ask({ kind: 'backup', target }, onProgress)
    },
    close: () => (closing ??= stop()),
  }
}

const settle = (waiting: Map<number, Waiting>, answer: ReaderAnswer, path: string): void => {
  const one = waiting.get(answer.id)
  if (!one) return
  if ('progress' in answer) return one.progress?.(answer.progress)
  waiting.delete(answer.id)
  if ('failure' in answer) one.reject(translateDriverError(errorOf(answer.failure), path))
  else one.resolve(answer.rows)
}

/** The failure as an error again, with the driver's code and the stack of the thread. */
const errorOf = (failure: DriverFailure): Error =>
  Object.assign(new Error(failure.message), {
    ...(failure.code === undefined ? {} : { code: failure.code }),
    ...(failure.stack === undefined ? {} : { stack: failure.stack }),
  })
