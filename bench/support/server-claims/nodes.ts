import { fork, type ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { NODES, preciseNow, type Place, type Tally, type Work } from './contestant.ts'
import type { ContestantName } from './contestants.ts'

/**
 * Ten nodes, each a process of its own as they are in a cluster: what one computes does not hold up another. They
 * share this machine's processors with the server, so a rate is what all of them cost together.
 */

export type Order =
  | { type: 'join'; contestant: ContestantName; place: Place; index: number }
  | { type: 'work'; work: Work }
  | { type: 'leave' }

export type Report = { tally: Tally } | { failure: string }

export interface Nodes {
  join(contestant: ContestantName, place: Place): Promise<void>
  /** What each did, and the seconds until the last row was taken. */
  work(work: Work): Promise<{ tallies: Tally[]; seconds: number }>
  leave(): Promise<void>
  close(): void
}

const ENTRY = fileURLToPath(new URL('./node.ts', import.meta.url))

export const startNodes = (): Nodes => {
  const children = Array.from({ length: NODES }, () => fork(ENTRY, [], { stdio: ['ignore', 2, 2, 'ipc'] }))
  const all = (orderOf: (index: number) => Order): Promise<Tally[]> =>
    Promise.all(children.map((child, index) => ask(child, orderOf(index))))
  return {
    join: async (contestant, place) =>
      void (await all((index) => ({ type: 'join', contestant, place, index }))),
    work: async (work) => {
      const startedAt = preciseNow()
      const tallies = await all(() => ({ type: 'work', work }))
      return { tallies, seconds: (Math.max(...tallies.map(({ lastAt }) => lastAt)) - startedAt) / 1000 }
    },
    leave: async () => void (await all(() => ({ type: 'leave' }))),
    close: () => {
      for (const child of children) if (child.connected) child.disconnect()
    },
  }
}

const ask = (child: ChildProcess, order: Order): Promise<Tally> =>
  new Promise((resolve, reject) => {
    const heard = (report: Report): void => {
      child.off('exit', ended)
      if ('failure' in report) reject(new Error(report.failure))
      else resolve(report.tally)
    }
    const ended = (): void => {
      child.off('message', heard)
      reject(new Error('the process of a node ended'))
    }
    child.once('message', heard)
    child.once('exit', ended)
    child.send(order, (error) => error && reject(error))
  })
