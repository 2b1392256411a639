import { describe, expect, it } from 'vitest'
import type { AppClient } from '../../src/renderer/client.ts'
import { readTimeline } from '../../src/renderer/lib/read-timeline.ts'
import type { RunFilter, RunState } from '../../src/shared/domain/run.ts'
import { clientOf } from './support.ts'

const NOON = Date.parse('2026-11-24T12:00:00.000Z')
const MINUTE = 60_000

const runOf = (historyId: string, began: number, ended: number | null, state: RunState = 'Success') => ({
  ...{ historyId, state, startTime: new Date(began).toISOString() },
  endTime: ended === null ? null : new Date(ended).toISOString(),
})
type Told = ReturnType<typeof runOf>

/** Answers as the node's filter does. */
const nodeWith = (all: readonly Told[]) => {
  const fits =
    ({ from = '', to = '9', endsAfter, state }: Partial<RunFilter>) =>
    (run: Told) =>
      run.startTime >= from &&
      run.startTime < to &&
      (endsAfter === undefined || (run.endTime ?? '9') > endsAfter) &&
      (state === undefined || state.includes(run.state))
  const counts = all.map(({ startTime, state }) => ({ at: startTime, state, count: 1 }))
  return clientOf<Pick<AppClient, 'history'>>({
    history: {
      list: async (filter: Partial<RunFilter>) => ({ items: all.filter(fits(filter)), nextCursor: null }),
      stats: async () => ({ counts, capped: false }),
    },
  })
}

describe('the runs of a span', () => {
  const span = { from: NOON - 10 * MINUTE, to: NOON }

  it('are also those that began long before it and reach into it, each once', async () => {
    const client = nodeWith([
      runOf('backup', NOON - 180 * MINUTE, NOON + MINUTE),
      runOf('endless', NOON - 9000 * MINUTE, null, 'Running'),
      runOf('over', NOON - 60 * MINUTE, NOON - 50 * MINUTE),
      runOf('within', NOON - 5 * MINUTE, NOON - 4 * MINUTE),
    ])
    const data = await readTimeline(client, {}, span)
    const ids = data.kind === 'runs' ? data.runs.map(({ historyId }) => historyId) : []
    expect(ids).toEqual(['within', 'backup', 'endless'])
  })
})
