import { CLOCK_WARNING_MS, type ClusterNode } from '../../../shared/domain/node.ts'
import { things } from '../../lib/format.ts'

/** Nodes in words and sums. */

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0)

/** `58 slots, 9 in use`. Only active nodes have slots to give; what runs elsewhere still is in use. */
export const slotsText = (nodes: readonly ClusterNode[]): string => {
  const active = nodes.filter(({ state }) => state === 'Active')
  const slots = sum(active.map(({ maxConcurrentTasks }) => maxConcurrentTasks))
  return `${things(slots, 'slot')}, ${sum(nodes.map(({ running }) => running))} in use`
}

export const isClockOff = ({ clockOffset }: Pick<ClusterNode, 'clockOffset'>): boolean =>
  clockOffset !== null && Math.abs(clockOffset) > CLOCK_WARNING_MS

/** `+1.42 s`: ahead of the database's clock; within a hundredth it is simply `0.00 s`. */
export const clockText = (offsetMs: number): string => {
  const seconds = (Math.abs(offsetMs) / 1000).toFixed(2)
  const sign = seconds === '0.00' ? '' : offsetMs > 0 ? '+' : '−'
  return `${sign}${seconds}\u202fs`
}

/** `1.42 s ahead of the database’s clock`. */
const besideText = (offsetMs: number): string => {
  const seconds = (Math.abs(offsetMs) / 1000).toFixed(2)
  return `${seconds}\u202fs ${offsetMs > 0 ? 'ahead of' : 'behind'} the database’s clock`
}

/** The same for a node whose clock may be right, or that nobody measured. */
export const clockFact = (offsetMs: number | null): string => {
  if (offsetMs === null) return 'not measured'
  return Math.abs(offsetMs) < 5 ? 'the same as the database’s' : besideText(offsetMs)
}

const SYSTEMS: Record<string, string> = { linux: 'Linux', win32: 'Windows', darwin: 'macOS' }

/** `linux x64` as `Linux, x64`; what is not known is shown as it is. */
export const platformWords = (platform: string | null): string => {
  if (platform === null) return '–'
  const [, system = '', rest = ''] = /^(\w+)[ -](.+)$/.exec(platform) ?? []
  const name = SYSTEMS[system.toLowerCase()]
  return name ? `${name}, ${rest}` : platform
}

/** `no heartbeat: …` as a sentence. */
export const sentence = (text: string): string =>
  `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`.replace(/\.?$/, '.')

const fewWords = (names: readonly string[]): string => {
  const [first = '', second] = names
  if (second === undefined) return first
  return names.length === 2 ? `${first} and ${second}` : `${first} and ${names.length - 1} more`
}

/** The version that most of them run; null while they agree or nobody says. */
const usualVersion = (nodes: readonly ClusterNode[]): string | null => {
  const counts = new Map<string, number>()
  for (const { version } of nodes) if (version) counts.set(version, (counts.get(version) ?? 0) + 1)
  if (counts.size < 2) return null
  return [...counts].toSorted((a, b) => b[1] - a[1] || b[0].localeCompare(a[0]))[0]?.[0] ?? null
}

const scriptWords = ({ missingScripts }: ClusterNode): string[] => {
  if (missingScripts.length === 0) return []
  const tasks = new Set(missingScripts.map(({ taskId }) => taskId)).size
  const paths = [...new Set(missingScripts.map(({ scriptPath }) => scriptPath))]
  return [`does not have ${fewWords(paths)} as it should: ${things(tasks, 'task')} cannot run there.`]
}

const clockWords = (node: ClusterNode): string[] => {
  const { clockOffset } = node
  if (clockOffset === null || !isClockOff(node)) return []
  return [
    `runs ${besideText(clockOffset)}. Leases use the database’s time, so nothing is at risk; the times in its logs are off by that.`,
  ]
}

export interface Note {
  nodeId: string
  nodeName: string
  /** Goes on behind the name: 'runs 1.4.1, most others 1.4.2.' */
  words: string
}

/** What is no failure yet but should be looked at, beside the states that the list shows anyway. */
export const worthALook = (nodes: readonly ClusterNode[]): Note[] => {
  const present = nodes.filter(({ state }) => state !== 'Retired')
  const usual = usualVersion(present)
  const wordsOf = (node: ClusterNode): string[] => [
    ...clockWords(node),
    ...scriptWords(node),
    ...(node.holdsKey === false
      ? ['cannot open the cluster’s secrets: tasks that use one do not run there.']
      : []),
    ...(usual !== null && node.version && node.version !== usual
      ? [`runs version ${node.version}, most others ${usual}.`]
      : []),
    ...(node.state === 'Draining' && node.running === 0
      ? ['has finished what ran: it can be shut down.']
      : []),
  ]
  return present.flatMap((node) =>
    wordsOf(node).map((words) => ({ nodeId: node.nodeId, nodeName: node.nodeName, words })),
  )
}
