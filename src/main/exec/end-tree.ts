import { spawnSync } from 'node:child_process'
import type { Clock } from '../platform/clock.ts'
import { listProcesses, membersOf, politeMembers, type Tree } from './processes.ts'

export interface EndTreeDeps {
  clock: Clock
  platform: NodeJS.Platform
}

export interface TreeEnd {
  /** How many processes were living when it began. */
  found: number
  /** Whether the polite signal was not enough. */
  forced: boolean
  /** Processes that would not die (stuck in the kernel). Empty: proved dead. */
  survivors: number[]
}

/** How long a kill is repeated. SIGKILL works at once, but for a process that waits in the kernel (dead NFS). */
const KILL_PATIENCE_MS = 10_000
const LOOK_MS = 50

const isLiving = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

const living = (tree: Tree, platform: NodeJS.Platform): number[] => {
  if (platform === 'win32') return tree.pid !== null && isLiving(tree.pid) ? [tree.pid] : []
  try {
    return membersOf(tree, listProcesses(platform, tree.since ?? 0))
  } catch (error) {
    // It cannot be looked at (no file handles left): then it counts as living, as its process group.
    if (tree.pid === null) throw error
    return [-tree.pid]
  }
}

const signal = (pid: number, name: NodeJS.Signals): void => {
  try {
    process.kill(pid, name)
  } catch {
    // Ended meanwhile, which is what was wanted; the next look decides.
  }
}

const signalTree = (
  pids: readonly number[],
  name: 'SIGTERM' | 'SIGKILL',
  platform: NodeJS.Platform,
): void => {
  for (const pid of pids) {
    if (platform !== 'win32') signal(pid, name)
    else
      spawnSync('taskkill', ['/T', ...(name === 'SIGKILL' ? ['/F'] : []), '/PID', String(pid)], {
        windowsHide: true,
      })
  }
}

/**
 * Ends every process of a run: SIGTERM, `graceMs` to comply (0: none), SIGKILL again and again until two looks in
 * a row find nothing left. A process that forks while it is killed is found by the next look.
 */
export const endTree = async (tree: Tree, graceMs: number, deps: EndTreeDeps): Promise<TreeEnd> => {
  const { clock, platform } = deps
  const first = living(tree, platform)
  if (first.length === 0) return { found: 0, forced: false, survivors: [] }
  if (graceMs > 0 && (await endPolitely(tree, first, graceMs, deps)))
    return { found: first.length, forced: false, survivors: [] }
  const patience = clock.monotonic() + KILL_PATIENCE_MS
  let left = living(tree, platform)
  for (let clean = 0; clean < 2 && clock.monotonic() < patience; left = living(tree, platform)) {
    clean = left.length === 0 ? clean + 1 : 0
    signalTree(left, 'SIGKILL', platform)
    if (clean < 2) await clock.sleep(clean === 0 ? 5 : 1)
  }
  return { found: first.length, forced: true, survivors: left }
}

const politeOf = (tree: Tree, members: readonly number[], platform: NodeJS.Platform): readonly number[] =>
  tree.guarded ? politeMembers(tree, members, listProcesses(platform, tree.since ?? 0)) : members

const endPolitely = async (
  tree: Tree,
  members: readonly number[],
  graceMs: number,
  { clock, platform }: EndTreeDeps,
): Promise<boolean> => {
  const deadline = clock.monotonic() + graceMs
  signalTree(politeOf(tree, members, platform), 'SIGTERM', platform)
  for (let pause = 10; clock.monotonic() < deadline; pause = Math.min(LOOK_MS, pause * 2)) {
    await clock.sleep(Math.min(pause, deadline - clock.monotonic()))
    if (living(tree, platform).length === 0) return true
  }
  return false
}
