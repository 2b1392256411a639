import { newTally, type Joined } from './contestant.ts'
import { contestants } from './contestants.ts'
import type { Order, Report } from './nodes.ts'

/** The process of one node: joins a contestant, works phases, leaves. One order after the other. */

let joined: Joined | undefined

const obey = async (order: Order): Promise<Report> => {
  const tally = newTally()
  switch (order.type) {
    case 'join':
      joined = await contestants[order.contestant].join(order.place, order.index)
      break
    case 'work':
      await joined?.work(order.work, tally)
      break
    case 'leave':
      await joined?.leave()
      joined = undefined
  }
  return { tally }
}

process.on('message', (order: Order) => {
  void obey(order)
    .catch((error: unknown): Report => ({
      failure: error instanceof Error ? (error.stack ?? error.message) : String(error),
    }))
    .then((report) => process.send?.(report))
})
