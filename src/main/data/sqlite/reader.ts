import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { AppError } from '../../../shared/domain/errors.ts'
import { faultOf } from '../dialects/sqlite-faults.ts'
import { translateDriverError, type DriverFailure } from '../errors.ts'
import type {
  BackupProgress,
  ReaderAnswer,
  ReaderData,
  ReaderMessage,
  ReaderRequest,
} from './reader-protocol.ts'

export interface ReaderOptions extends ReaderData {
  /** The worker's entry file: reader-worker.js beside the bundle, reader-worker.ts in tests. */
  entry: string | URL
}

/** A request without its id; the conditional type keeps the union a union. */
type Request = ReaderRequest extends infer R ? (R extends unknown ? Omit<R, 'id'> : never) : never

/** A thread with a read-only connection. It starts with the first request, and again after a crash. */
export interface Reader {
  query(sql: string, parameters: readonly unknown[]): Promise<unknown[]>
  /** Findings of SQLite's own check; empty when the file is sound. On a thread of its own: it reads every page. */
  integrity(quick: boolean): Promise<string[]>
  /** Copies one state of the database to an empty file. On a thread of its own, like the check. */
  backup(target: string, onProgress?: (progress: BackupProgress) => void): Promise<void>
  /** Refuses what comes later, lets requests in flight end, and stops the thread. */
  close(): Promise<void>
}

/** @throws AppError UNAVAILABLE for what was in flight when the thread died, and for requests after close. */
export const createReader = (options: ReaderOptions): Reader => {
  let thread: Thread | undefined
  let closing: Promise<void> | undefined
  const refuseClosed = (): void => {
    if (closing) throw new AppError('UNAVAILABLE', 'the database is closed')
  }
  const apart = async (request: Request, onProgress?: Waiting['onProgress']): Promise<unknown[]> => {
    refuseClosed()
    const own = startThread(options)
    try {
      return await own.ask(request, onProgress)
    } finally {
      await own.close()
    }
  }
  return {
    query: async (sql, parameters) => {
      refuseClosed()
      if (!thread || thread.dead()) thread = startThread(options)
      return thread.ask({ kind: 'query', sql, parameters }, undefined)
    },
    integrity: async (quick) => {
      const lines = (await apart({ kind: 'integrity', quick })).map(String)
      return lines.length === 1 && lines[0] === 'ok' ? [] : lines
    },
    backup: async (target, onProgress) => {
      await apart({ kind: 'backup', target }, onProgress)
    },
    close: () => (closing ??= thread ? thread.close() : Promise.resolve()),
  }
}

/**
 * A thread of its own that sees one state of the database until it is closed. Meanwhile the write-ahead log grows.
 *
 * @throws AppError UNAVAILABLE when the thread dies: no other one would see that state.
 */
export const createFrozenReader = async (
  options: ReaderOptions,
): Promise<Pick<Reader, 'query' | 'close'>> => {
  const thread = startThread(options)
  try {
    await thread.ask({ kind: 'freeze' }, undefined)
  } catch (error) {
    await thread.close()
    throw error
  }
  return {
    query: async (sql, parameters) => {
      if (thread.dead()) throw diedOf(undefined, options.path)
      return thread.ask({ kind: 'query', sql, parameters }, undefined)
    },
    close: () => thread.close(),
  }
}

interface Waiting {
  resolve: (rows: unknown[]) => void
  reject: (error: unknown) => void
  onProgress: ((progress: BackupProgress) => void) | undefined
}

interface Thread {
  ask: (request: Request, onProgress: Waiting['onProgress']) => Promise<unknown[]>
  dead: () => boolean
  close: () => Promise<void>
}

const startThread = ({ path, nativeBinding, entry }: ReaderOptions): Thread => {
  const waiting = new Map<number, Waiting>()
  const workerData: ReaderData = { path, nativeBinding }
  const worker = new Worker(entry, { workerData, name: 'database reader' })
  let lastId = 0
  let dead = false
  let reason: Error | undefined
  worker.on('message', (answer: ReaderAnswer) => {
    settle(waiting, answer, path)
    // A thread that only waits must not keep the process alive.
    if (waiting.size === 0) worker.unref()
  })
  worker.on('error', (error: Error) => (reason = error))
  worker.on('exit', () => {
    dead = true
    for (const one of waiting.values()) one.reject(diedOf(reason, path))
    waiting.clear()
  })
  const post = (message: ReaderMessage): void => worker.postMessage(message)
  return {
    ask: (request, onProgress) =>
      new Promise((resolve, reject) => {
        lastId += 1
        waiting.set(lastId, { resolve, reject, onProgress })
        worker.ref()
        post({ ...request, id: lastId })
      }),
    dead: () => dead,
    close: async () => {
      if (dead) return
      worker.ref()
      post({ kind: 'close' })
      await once(worker, 'exit')
    },
  }
}

const settle = (waiting: Map<number, Waiting>, answer: ReaderAnswer, path: string): void => {
  const one = waiting.get(answer.id)
  if (!one) return
  if ('progress' in answer) return one.onProgress?.(answer.progress)
  waiting.delete(answer.id)
  if ('failure' in answer) one.reject(translateDriverError(errorOf(answer.failure), path, faultOf))
  else one.resolve(answer.rows)
}

/** A thread that could not open its file died of an error that says why. */
const diedOf = (reason: Error | undefined, path: string): AppError => {
  const text = reason?.message ?? 'its thread ended'
  return new AppError('UNAVAILABLE', `the reader of ${path} stopped (${text}); try again`, { cause: reason })
}

/** The failure as an error again, with the driver's code and the stack of the thread. */
const errorOf = (failure: DriverFailure): Error =>
  Object.assign(new Error(failure.message), {
    ...(failure.code === undefined ? {} : { code: failure.code }),
    ...(failure.stack === undefined ? {} : { stack: failure.stack }),
  })
