import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { messageOf } from '../../shared/domain/errors.ts'
import type { Command } from './limits.ts'
import type { RunLimits } from './run-spec.ts'

/*
 * Limits of a whole run, by the kernel's control groups (version 2), where the node has a part of their tree to
 * itself: a service with Delegate=yes, or root. Elsewhere limits are those of ulimit, each process by itself.
 */

/** A group for one run, and what it may use. Null: no limit. */
export interface RunGroup {
  path: string
  memoryMb: number | null
  processes: number | null
  cpuSeconds: number | null
}

export type Groups = { available: true; base: string } | { available: false; reason: string }

export interface GroupsDeps {
  platform: NodeJS.Platform
  isRoot: boolean
  /** `/sys/fs/cgroup` */
  mount: string
  /** The text of `/proc/self/cgroup`. */
  own: string
  pid: number
  /** Tells nodes of one machine apart. */
  nodeDirId: string
}

const CONTROLLERS = ['memory', 'pids']
/** Where the node itself goes: a group that hands controllers on must hold no processes. */
const OWN_PLACE = 'pswebhost-node'

const RUN = 'run-'

const wordsIn = (file: string): string[] => readFileSync(file, 'utf8').split(/\s+/).filter(Boolean)

const no = (reason: string): Groups => ({ available: false, reason })

/** Makes ready what there is; the node may have moved to a group of its own afterwards. Never throws. */
export const openGroups = (deps: GroupsDeps): Groups => {
  if (deps.platform !== 'linux') return no('control groups are part of Linux')
  const { mount } = deps
  if (!existsSync(join(mount, 'cgroup.controllers')))
    return no(`control groups of version 2 are not mounted at ${mount}`)
  const missing = CONTROLLERS.filter((name) => !wordsIn(join(mount, 'cgroup.controllers')).includes(name))
  if (missing.length > 0) return no(`the kernel gives ${mount} no control of ${missing.join(' and ')}`)
  const attempts = [() => delegated(deps), ...(deps.isRoot ? [() => atTheTop(deps)] : [])]
  const reasons: string[] = []
  for (const attempt of attempts)
    try {
      return { available: true, base: withoutOld(handOn(attempt())) }
    } catch (error) {
      reasons.push(messageOf(error))
    }
  return no(
    `the node has no control group to itself (${reasons.join('; ')}); a service has one with Delegate=yes`,
  )
}

/** The node's own group, if nobody else is in it. */
const delegated = ({ mount, own, pid }: GroupsDeps): string => {
  const path = /^0::(\/.*)$/m.exec(own)?.[1] ?? '/'
  // The top holds processes of everyone.
  if (path === '/') throw new Error('it is in the topmost group')
  const group = join(mount, path)
  if (path.endsWith(`/${OWN_PLACE}`)) return dirname(group)
  const others = wordsIn(join(group, 'cgroup.procs')).filter((each) => Number(each) !== pid)
  if (others.length > 0) throw new Error('it shares its group with other processes')
  const place = join(group, OWN_PLACE)
  mkdirSync(place, { recursive: true })
  writeFileSync(join(place, 'cgroup.procs'), String(pid))
  return group
}

const atTheTop = ({ mount, nodeDirId }: GroupsDeps): string => {
  handOn(mount)
  const group = join(mount, `pswebhost-${nodeDirId}`)
  mkdirSync(group, { recursive: true })
  return group
}

/** Groups below `group` can be limited from now on. */
const handOn = (group: string): string => {
  const file = join(group, 'cgroup.subtree_control')
  const given = wordsIn(file)
  const missing = CONTROLLERS.filter((name) => !given.includes(name))
  if (missing.length > 0) writeFileSync(file, missing.map((name) => `+${name}`).join(' '))
  return group
}

/** Removes groups of runs of an earlier start, whose last process has ended by now, and the base until it is needed. */
const withoutOld = (base: string): string => {
  for (const name of readdirSync(base)) if (name.startsWith(RUN)) removeQuietly(join(base, name))
  removeQuietly(base)
  return base
}

/** The group of a run; null where there are none, or nothing that a group limits is asked for. */
export const groupOf = (base: string | null, historyId: string, limits: RunLimits): RunGroup | null => {
  const { memoryMb, processes, cpuSeconds } = limits
  const isLimited = memoryMb !== null || processes !== null || cpuSeconds !== null
  if (base === null || !isLimited) return null
  return { path: join(base, `${RUN}${historyId}`), memoryMb, processes, cpuSeconds }
}

/** @throws when the kernel refuses: then the run must not start without its limits. */
export const makeGroup = ({ path, memoryMb, processes }: RunGroup): void => {
  const base = dirname(path)
  mkdirSync(base, { recursive: true })
  handOn(base)
  mkdirSync(path, { recursive: true })
  const set = (name: string, value: string): void => writeFileSync(join(path, name), value)
  if (memoryMb !== null) {
    set('memory.max', String(memoryMb * 1024 * 1024))
    // Swapping would only make it slow. Not there on a kernel without swap accounting.
    if (existsSync(join(path, 'memory.swap.max'))) set('memory.swap.max', '0')
    // All of the run or nothing: a script that lost one of its processes would go on with half its work.
    set('memory.oom.group', '1')
  }
  if (processes !== null) set('pids.max', String(processes))
}

/** The same command, whose process goes into the group before it becomes anything else. */
export const inGroup = (inner: Command, group: RunGroup | null): Command => {
  if (group === null) return inner
  const enter =
    'echo $$ > "$0" || { echo "pswebhost: cannot enter the control group of the run" >&2; exit 126; }'
  const args = ['-c', `${enter}\nexec "$@"`, join(group.path, 'cgroup.procs'), inner.command, ...inner.args]
  return { command: '/bin/sh', args }
}

/** What all processes of the run have used so far, those that ended included. */
export const cpuSecondsOf = ({ path }: RunGroup): number => {
  try {
    const used = /^usage_usec (\d+)/m.exec(readFileSync(join(path, 'cpu.stat'), 'utf8'))?.[1]
    return Number(used ?? 0) / 1_000_000
  } catch {
    // Not there yet, or no more.
    return 0
  }
}

/** Whether the kernel ended the run because of its memory. */
export const ranOutOfMemory = ({ path, memoryMb }: RunGroup): boolean => {
  if (memoryMb === null) return false
  try {
    return /^oom_kill [1-9]/m.test(readFileSync(join(path, 'memory.events'), 'utf8'))
  } catch {
    // Gone, or a kernel that does not tell.
    return false
  }
}

/** After its last process; the group above goes with the last of its runs, unless the node itself is in it. */
export const removeGroup = ({ path }: RunGroup): void => {
  removeQuietly(path)
  removeQuietly(dirname(path))
}

/** What is still in use stays (a process that is stuck in the kernel), which hurts nobody. */
const removeQuietly = (group: string): void => {
  try {
    rmdirSync(group)
  } catch {
    // As said above.
  }
}
