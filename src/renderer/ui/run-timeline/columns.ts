import type { TimelineData } from '../../lib/read-timeline.ts'
import { BAD, placeIn } from './spans.ts'

/** Runs that are too many to be drawn apart, by equal stretches of time. Pure. */

export interface Column {
  from: number
  to: number
  ran: number
  bad: number
  /** Percent of the width. */
  left: number
  width: number
  /** Pixels; of `badHeight` at its top that much ended badly. */
  height: number
  badHeight: number
}

type Counts = Pick<Extract<TimelineData, { kind: 'counts' }>, 'counts' | 'span' | 'unitMs'>

/** Tall for many, but one can still be seen beside a thousand. */
export const columnsOf = ({ counts, span, unitMs }: Counts, tallest: number): Column[] => {
  const sums = new Map<number, { ran: number; bad: number }>()
  for (const { at, state, count } of counts) {
    if (state === 'Queued' || state === 'Skipped') continue
    const sum = sums.get(Date.parse(at)) ?? { ran: 0, bad: 0 }
    sum.ran += count
    if (BAD.includes(state)) sum.bad += count
    sums.set(Date.parse(at), sum)
  }
  const most = Math.max(1, ...[...sums.values()].map(({ ran }) => ran))
  return [...sums]
    .sort(([a], [b]) => a - b)
    .map(([from, { ran, bad }]) => {
      const left = placeIn(span, from)
      const height = Math.max(3, Math.round((Math.log1p(ran) / Math.log1p(most)) * tallest))
      const badHeight = bad === 0 ? 0 : Math.max(3, Math.round((bad / ran) * height))
      return {
        ...{ from, to: from + unitMs, ran, bad, left, height, badHeight },
        width: placeIn(span, from + unitMs) - left,
      }
    })
}
