import { spawnSync } from 'node:child_process'
import { readFileSync, readdirSync } from 'node:fs'
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

const readOrEmpty = (path: string): string => {
  try {
    return readFileSync(path, 'latin1')
  } catch {
    // Ended meanwhile, or another user's: nothing of ours.
    return ''
  }
}

const linuxProcess = (pid: number): ProcessInfo[] => {
  const stat = readOrEmpty(`/proc/${pid}/stat`)
  // pid (name) state parent group …; the name may hold blanks and brackets.
  const [state, parent, group] = stat.slice(stat.lastIndexOf(')') + 2).split(' ', 3)
  if (!state || state === 'Z' || state === 'X') return []
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

/** Every living process that can be seen. Zombies are dead. Empty on Windows, which shows no environments. */
export const listProcesses = (platform: NodeJS.Platform): ProcessInfo[] => {
  if (platform === 'win32') return []
  if (platform === 'linux')
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .flatMap((name) => linuxProcess(Number(name)))
  const ps = spawnSync('/bin/ps', ['axeww', '-o', 'pid=,ppid=,pgid=,stat=,command='], {
    encoding: 'latin1',
    maxBuffer: 64 * 1024 * 1024,
    timeout: 5000,
  })
  return parsePs(ps.stdout ?? '')
}

export interface Tree {
  historyId: string
  /** The script's own process, which leads a group of its own; null when it never started or is not known. */
  pid: number | null
}

/**
 * The living processes of one run: those that carry its mark (however often they forked or left the session),
 * those of its process group, and all descendants of these (which may have cleared their environment).
 */
export const membersOf = (tree: Tree, processes: readonly ProcessInfo[], self = process.pid): number[] => {
  const members = new Set(
    processes
      .filter((each) => each.historyId === tree.historyId || (tree.pid !== null && each.group === tree.pid))
      .map((each) => each.pid),
  )
  for (let before = -1; before !== members.size;) {
    before = members.size
    for (const each of processes) if (members.has(each.parent)) members.add(each.pid)
  }
  members.delete(self)
  members.delete(1)
  return [...members]
}
