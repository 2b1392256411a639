import { randomBytes } from 'node:crypto'
import { chmod, link, lstat, rename, rm } from 'node:fs/promises'
import { request, type Server } from 'node:http'
import { dirname, join } from 'node:path'
import { AppError, messageOf } from '../../shared/domain/errors.ts'
import type { Clock } from '../platform/clock.ts'

/**
 * Holding a data folder is listening on its control socket: the operating system ends it with the process,
 * whatever happens to that. The socket is made under a name of its own, closed to others, and then linked to the
 * path: a link to a name that exists fails, so of two that start at once one wins. (libuv also removes, when a
 * server closes, whatever file then has the name it was bound to: with a name of its own that is never another
 * node's socket.)
 */

/** What a holder tells of itself, as JSON. */
export type Answer = 'free' | 'stale' | 'silent' | { body: unknown }

const ASK_TIMEOUT_MS = 3000
/** Longer than a rival needs between finding a stale socket and putting another in its place. */
const SETTLE_MS = 150
const ATTEMPTS = 10

export interface FolderLock {
  /** Stops listening and removes the socket if it is still this process's. */
  release(): Promise<void>
}

/** Asks whoever listens on `path`; `stale`: a file that nobody serves. */
export const askHolder = (path: string): Promise<Answer> =>
  new Promise((resolve) => {
    const asked = request(
      { socketPath: path, path: '/holder', timeout: ASK_TIMEOUT_MS, agent: false },
      (answer) => {
        const chunks: Buffer[] = []
        answer.on('data', (chunk: Buffer) => chunks.push(chunk))
        answer.on('error', () => resolve('silent'))
        answer.on('end', () => resolve(parsed(Buffer.concat(chunks).toString())))
      },
    )
    asked.on('timeout', () => asked.destroy(new Error('no answer in time')))
    asked.on('error', (error: NodeJS.ErrnoException) => resolve(answerTo(error.code)))
    asked.end()
  })

const parsed = (text: string): Answer => {
  try {
    return { body: JSON.parse(text) as unknown }
  } catch {
    return 'silent'
  }
}

const answerTo = (code: string | undefined): Answer => {
  if (code === 'ENOENT') return 'free'
  return code === 'ECONNREFUSED' || code === 'ENOTSOCK' ? 'stale' : 'silent'
}

const listen = (server: Server, path: string): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(path, () => {
      server.off('error', reject)
      resolve()
    })
  })

const close = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })

const cannot = (path: string, error: unknown): AppError =>
  new AppError('UNAVAILABLE', `The control socket ${path} cannot be made: ${messageOf(error)}.`, {
    cause: error,
  })

const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException).code

/** Tells one socket file from another that took its name: a number may be used again, its birth may not. */
const identityOf = async (path: string): Promise<string | null> => {
  const stat = await lstat(path, { bigint: true }).catch(() => null)
  return stat ? `${stat.dev} ${stat.ino} ${stat.mtimeNs}` : null
}

/**
 * Takes a file that nobody serves out of the way. If in the meantime a rival put its own there, that one is put
 * back: what was moved is looked at before it is removed.
 */
const removeStale = async (path: string, stale: string | null): Promise<void> => {
  const aside = join(dirname(path), `.${randomBytes(3).toString('hex')}`)
  try {
    await rename(path, aside)
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return
    throw error
  }
  if ((await identityOf(aside)) !== stale) await link(aside, path).catch(() => {})
  await rm(aside, { force: true })
}

/** Puts the socket in place, or says who is there. */
const publish = async (own: string, path: string, clock: Clock): Promise<Answer | null> => {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const stale = await identityOf(path)
    try {
      await link(own, path)
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw error
      const answer = await askHolder(path)
      if (answer !== 'stale' && answer !== 'free') return answer
      if (answer === 'stale') await removeStale(path, stale)
      continue
    }
    if (attempt === 0) return null
    // A stale file was involved: rivals may still be at it, and the last one to look must find itself.
    await clock.sleep(SETTLE_MS)
    if ((await identityOf(path)) === (await identityOf(own))) return null
  }
  return 'silent'
}

const lockFile = async (server: Server, path: string, clock: Clock): Promise<FolderLock | Answer> => {
  const own = join(dirname(path), `.${randomBytes(3).toString('hex')}`)
  try {
    await listen(server, own)
    await chmod(own, 0o600)
    const taken = await publish(own, path, clock)
    if (taken !== null) {
      await close(server)
      return taken
    }
  } catch (error) {
    await close(server)
    throw cannot(path, error)
  }
  const identity = await identityOf(own)
  // The link stays; what remains under the first name would only puzzle.
  await rm(own, { force: true })
  return {
    release: async () => {
      if ((await identityOf(path)) === identity) await rm(path, { force: true })
      await close(server)
    },
  }
}

/** A named pipe of Windows is no file: it is there as long as it is served. */
const lockPipe = async (server: Server, path: string): Promise<FolderLock | Answer> => {
  try {
    await listen(server, path)
    return { release: () => close(server) }
  } catch (error) {
    if (codeOf(error) === 'EADDRINUSE') return askHolder(path)
    throw cannot(path, error)
  }
}

/**
 * Makes `server` listen on `path`, or answers who does.
 * @throws AppError UNAVAILABLE when the socket cannot be made at all.
 */
export const lockFolder = (server: Server, path: string, clock: Clock): Promise<FolderLock | Answer> =>
  path.startsWith('\\\\') ? lockPipe(server, path) : lockFile(server, path, clock)
