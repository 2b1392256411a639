import { randomUUID } from 'node:crypto'
import {
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

const BEAT_MS = 1_000
const POLL_MS = 100
/** A process number may belong to someone else by now (a restarted container): then only silence tells. */
const SILENCE_MS = 60_000

/**
 * Runs `work` while no other set-up of this folder does. Waits for a living holder, takes over from a dead one.
 * @template T
 * @param {string} file the lock file; the folder is created
 * @param {(lock: { guard(pid: number): void }) => Promise<T>} work may `guard` a child that must be gone too
 * @param {(holder: number) => void} onWait called once when it has to wait
 * @returns {Promise<T>}
 */
export async function withLock(file, work, onWait) {
  const token = randomUUID()
  await acquire(file, token, onWait)
  const beat = setInterval(() => touch(file), BEAT_MS).unref()
  const guard = (child) => writeFileSync(file, JSON.stringify({ token, pids: [process.pid, child] }))
  try {
    return await work({ guard })
  } finally {
    clearInterval(beat)
    if (read(file)?.token === token) rmSync(file, { force: true })
  }
}

async function acquire(file, token, onWait) {
  mkdirSync(dirname(file), { recursive: true })
  const seen = { mtimeMs: 0, at: 0, waiting: false }
  while (!create(file, { token, pids: [process.pid] })) {
    const holder = read(file)
    if (holder && isAbandoned(file, holder, seen)) {
      takeAway(file, holder)
      continue
    }
    if (holder && !seen.waiting) onWait?.(holder.pids[0])
    seen.waiting ||= holder !== undefined
    await sleep(POLL_MS)
  }
}

/** Creates the lock with its content in one step (a link), so that nobody ever reads half of it. */
function create(file, content) {
  const draft = `${file}.${content.token}`
  writeFileSync(draft, JSON.stringify(content))
  try {
    linkSync(draft, file)
    return true
  } catch (error) {
    if (error.code === 'EEXIST') return false
    throw error
  } finally {
    rmSync(draft, { force: true })
  }
}

function isAbandoned(file, holder, seen) {
  if (!holder.pids.some(isAlive)) return true
  const mtimeMs = statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0
  if (mtimeMs !== seen.mtimeMs) Object.assign(seen, { mtimeMs, at: performance.now() })
  return performance.now() - seen.at > SILENCE_MS
}

/** Removes the abandoned lock, and only that one: a third set-up may have taken over in between. */
function takeAway(file, holder) {
  const aside = `${file}.${randomUUID()}`
  try {
    renameSync(file, aside)
  } catch (error) {
    if (error.code === 'ENOENT') return
    throw error
  }
  if (read(aside)?.token !== holder.token) linkSync(aside, file)
  rmSync(aside, { force: true })
}

function read(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    if (error.code === 'ENOENT' || error instanceof SyntaxError) return undefined
    throw error
  }
}

function touch(file) {
  const now = new Date()
  try {
    utimesSync(file, now, now)
  } catch {
    // Taken away while this machine slept: the work goes on, its stamp is written last.
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}
