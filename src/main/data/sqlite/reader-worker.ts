import { parentPort, workerData } from 'node:worker_threads'
import { failureOf } from '../errors.ts'
import { openSqlite } from './open-sqlite.ts'
import type { ReaderAnswer, ReaderData, ReaderMessage, ReaderRequest } from './reader-protocol.ts'
import { keepStatements } from './statement-cache.ts'

/*
 * Entry of the reader thread: a read-only connection of its own that runs what it is sent, in order. Long
 * reads, checks and backups stay off the main loop; WAL lets them read beside the writer.
 */

const PAGES_PER_STEP = 2000

const port = parentPort
if (!port) throw new Error('the reader runs as a worker thread only')

// The parent sends exactly this when it starts the thread.
const db = openSqlite({ ...(workerData as ReaderData), readonly: true })
/** A list's SQL is the same each time. */
const prepared = keepStatements(db)

const integrity = (quick: boolean): unknown[] => {
  const check = quick ? 'pragma quick_check(20)' : 'pragma integrity_check(20)'
  return db.prepare<[], string>(check).pluck().all()
}

/**
 * One state of the database, whatever is written meanwhile: with a read transaction open the copy never
 * starts over (without one, a write of another connection restarts it).
 */
const backup = async (id: number, target: string): Promise<void> => {
  freeze()
  try {
    await db.backup(target, {
      progress: (progress) => {
        answer({ id, progress })
        return PAGES_PER_STEP
      },
    })
  } finally {
    db.exec('commit')
  }
}

/** A transaction sees what was committed before its first read. */
const freeze = (): void => {
  db.exec('begin')
  db.prepare('select count(*) from sqlite_master').get()
}

const run = async (request: ReaderRequest): Promise<unknown[]> => {
  switch (request.kind) {
    case 'query':
      return prepared(request.sql).all(...request.parameters)
    case 'integrity':
      return integrity(request.quick)
    case 'freeze':
      freeze()
      return []
    case 'backup':
      await backup(request.id, request.target)
      return []
  }
}

const answer = (message: ReaderAnswer): void => port.postMessage(message)

const pending = new Set<Promise<void>>()

const handle = async (request: ReaderRequest): Promise<void> => {
  try {
    answer({ id: request.id, rows: await run(request) })
  } catch (error) {
    answer({ id: request.id, failure: failureOf(error) })
  }
}

const close = async (): Promise<void> => {
  await Promise.all(pending)
  db.close()
  port.close()
}

port.on('message', (message: ReaderMessage) => {
  if (message.kind === 'close') return void close()
  const work = handle(message)
  pending.add(work)
  void work.then(() => pending.delete(work))
})
