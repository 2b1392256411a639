import { spawnSync } from 'node:child_process'
import { closeSync, openSync, readFileSync, readSync, readdirSync } from 'node:fs'
import { HISTORY_MARK, NODE_MARK } from './environment.ts'

/** One living process, with the marks it carries in its environment. */
export interface ProcessInfo {
  pid: number
  parent: number
  group: number
  historyId: string | null
  nodeDirId: string | null
}

/** `separator`: NUL in Linux' environ, a blank in the text of `ps`. */
const markOf = (environment: string, name: string, separator: '\0' | ' '): string | null => {
  const text = separator + environment
  const at = text.indexOf(`${separator}${name}=`)
  if (at < 0) return null
  const from = at + name.length + 2
  const to = text.indexOf(separator, from)
  return text.slice(from, to < 0 ? undefined : to)
}

/** Ended meanwhile, or another user's. Anything else (no file handles left) must not pass for "it is dead". */
const isNoneOfOurs = (error: unknown): boolean =>
  error instanceof Error &&
  'code' in error &&
  ['ENOENT', 'ESRCH', 'EACCES', 'EPERM'].includes(String(error.code))

const readOrEmpty = (path: string): string => {
  try {
    return readFileSync(path, 'latin1')
  } catch (error) {
    if (isNoneOfOurs(error)) return ''
    throw error
  }
}

/** A stat line is far shorter than a page and comes in one read: half the calls of readFileSync. */
const readStat = (pid: number, page: Buffer): string[] => {
  try {
    const file = openSync(`/proc/${pid}/stat`, 'r')
    try {
      const stat = page.toString('latin1', 0, readSync(file, page))
      // pid (name) state parent group …; the name may hold blanks and brackets.
      return stat.slice(stat.lastIndexOf(')') + 2).split(' ', START_FIELD + 1)
    } finally {
      closeSync(file)
    }
  } catch (error) {
    if (isNoneOfOurs(error)) return []
    throw error
  }
}

/** Of the fields after the name: when the process was forked, in ticks since boot (proc(5) number 22). */
const START_FIELD = 19

/** When a process was forked, in ticks since boot; null where that cannot be told. */
export const startTicks = (pid: number, platform: NodeJS.Platform): number | null => {
  const ticks = platform === 'linux' ? Number(readStat(pid, Buffer.alloc(4096))[START_FIELD]) : NaN
  return Number.isNaN(ticks) ? null : ticks
}

const linuxProcess = (pid: number, since: number, page: Buffer): ProcessInfo[] => {
  const fields = readStat(pid, page)
  const [state, parent, group] = fields
  if (!state || state === 'Z' || state === 'X' || Number(fields[START_FIELD]) < since) return []
  const environment = readOrEmpty(`/proc/${pid}/environ`)
  return [
    {
      pid,
      parent: Number(parent),
      group: Number(group),
      historyId: markOf(environment, HISTORY_MARK, '\0'),
      nodeDirId: markOf(environment, NODE_MARK, '\0'),
    },
  ]
}

/** Reads the lines of `ps axeww -o pid=,ppid=,pgid=,stat=,command=`, where the environment follows the command. */
export const parsePs = (text: string): ProcessInfo[] =>
  text.split('\n').flatMap((row) => {
    const match = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\S+)\s+(.*)$/.exec(row)
    if (!match || match[4]?.startsWith('Z')) return []
    return [
      {
        pid: Number(match[1]),
        parent: Number(match[2]),
        group: Number(match[3]),
        historyId: markOf(match[5] ?? '', HISTORY_MARK, ' '),
        nodeDirId: markOf(match[5] ?? '', NODE_MARK, ' '),
      },
    ]
  })

/**
 * Every living process that can be seen. Zombies are dead. Empty on Windows, which shows no environments.
 * Throws when it cannot look. `since` (Linux, see `startTicks`) leaves out what is older, which spares half the reading.
 */
export const listProcesses = (platform: NodeJS.Platform, since = 0): ProcessInfo[] => {
  if (platform === 'win32') return []
  if (platform === 'linux') {
    const page = Buffer.alloc(4096)
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .flatMap((name) => linuxProcess(Number(name), since, page))
  }
  const ps = spawnSync('/bin/ps', ['axeww', '-o', 'pid=,ppid=,pgid=,stat=,command='], {
    encoding: 'latin1',
    maxBuffer: 64 * 1024 * 1024,
    timeout: 5000,
  })
  if (ps.error) throw ps.error
  return parsePs(ps.stdout)
}

export interface Tree {
  historyId: string
  /** The script's own process, which leads a group of its own; null when it never started or is not known. */
  pid: number | null
  /** `startTicks` of that process: none of the run is older. */
  since?: number | null
  /** That process is not the script but what guards it, with one child that does so too. */
  guarded?: boolean
}

/**
 * The living processes of one run: those that carry its mark (however often they forked or left the session),
 * those of its process group, and all descendants of these (which may have cleared their environment). Never `self` or init, and so
 * nothing merely because it descends from them.
 */
export const membersOf = (tree: Tree, processes: readonly ProcessInfo[], self = process.pid): number[] => {
  const others = processes.filter((each) => each.pid !== self && each.pid !== 1)
  const members = new Set(
    others
      .filter((each) => each.historyId === tree.historyId || (tree.pid !== null && each.group === tree.pid))
      .map((each) => each.pid),
  )
  for (let before = -1; before !== members.size;) {
    before = members.size
    for (const each of others) if (members.has(each.parent)) members.add(each.pid)
  }
  return [...members]
}

/** Of a run's members those that a polite request is for: a guard would die of it and take the script along at once. */
export const politeMembers = (
  tree: Tree,
  members: readonly number[],
  processes: readonly ProcessInfo[],
): number[] => {
  if (!tree.guarded) return [...members]
  const guards = new Set(
    processes.filter(({ pid, parent }) => pid === tree.pid || parent === tree.pid).map(({ pid }) => pid),
  )
  return members.filter((pid) => !guards.has(pid))
}
