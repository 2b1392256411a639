import { readdirSync, readFileSync } from 'node:fs'

/* What Linux says about a process. */

/** Ticks of CPU time in a second: fixed at 100 for user space on every Linux. */
const TICKS_PER_SECOND = 100

/** Fields of /proc/<pid>/stat from `state` on; the name before them may hold blanks and brackets. */
const statOf = (pid: number): string[] => {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
  return text.slice(text.lastIndexOf(')') + 2).split(' ')
}

/** CPU seconds a process has used, in user and system mode. */
export const cpuSeconds = (pid: number): number => {
  const fields = statOf(pid)
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND
}

/** Resident memory in MB, pages it shares with other processes included. */
export const residentMb = (pid: number): number => statusMb(pid, 'status', 'VmRSS')

/** Proportional memory in MB: a page that two processes share counts half for each. */
export const proportionalMb = (pid: number): number => statusMb(pid, 'smaps_rollup', 'Pss')

const statusMb = (pid: number, file: string, field: string): number => {
  const text = readFileSync(`/proc/${pid}/${file}`, 'utf8')
  const [, kilobytes] = new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(text) ?? []
  return Number(kilobytes) / 1024
}

/** Direct children of a process. */
export const childrenOf = (pid: number): number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((candidate) => parentOf(candidate) === pid)

const parentOf = (pid: number): number => {
  try {
    return Number(statOf(pid)[1])
  } catch {
    // Ended between the two looks.
    return 0
  }
}
