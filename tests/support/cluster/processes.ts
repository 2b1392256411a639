import { readdirSync, readFileSync } from 'node:fs'

/** The processes of this machine (Linux), as `/proc` tells them. */

interface Parentage {
  pid: number
  parent: number
}

const all = (): Parentage[] =>
  readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return []
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8')
      // The name in brackets may hold anything; state and parent follow it.
      const [, parent = '0'] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
      return [{ pid: Number(name), parent: Number(parent) }]
    } catch {
      return []
    }
  })

/** Children of a process. */
export const childrenOf = (pid: number): number[] =>
  all()
    .filter(({ parent }) => parent === pid)
    .map((child) => child.pid)

/** The process and everything below it, parents first. */
export const treeOf = (root: number): number[] => {
  const processes = all()
  const tree = [root]
  for (const pid of tree) tree.push(...processes.filter(({ parent }) => parent === pid).map((one) => one.pid))
  return tree
}

/** Whether the process is there and no zombie. */
export const isAlive = (pid: number): boolean => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat[stat.lastIndexOf(')') + 2] !== 'Z'
  } catch {
    return false
  }
}

/** Sends a signal; a process that has gone meanwhile is as well. */
export const signal = (pid: number, name: NodeJS.Signals): void => {
  try {
    process.kill(pid, name)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error
  }
}
