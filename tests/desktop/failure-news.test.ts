import { describe, expect, it } from 'vitest'
import { watchFailureNews, type FailureNews } from '../../src/main/desktop/failure-news.ts'
import type { Failure } from '../../src/shared/domain/failure.ts'
import type { SystemInfo } from '../../src/shared/domain/system.ts'
import { eventFeed } from '../support/event-feed.ts'
import { eventually } from '../support/eventually.ts'
import { failureRecord } from '../support/memory-failures.ts'

const AT = '2026-11-30T12:00:00.000Z'

const LATER = '2026-11-30T13:00:00.000Z'
/** By the clock of another machine, which is late. */
const BEFORE = '2026-11-30T11:00:00.000Z'

const began = (failureId: string, failingSince: string, fields: Partial<Failure> = {}): Failure =>
  failureRecord(failureId, { failingSince, ...fields })

const watching = async (failing: Failure[]) => {
  const ending = new AbortController()
  const feed = eventFeed()
  const told: FailureNews[] = []
  let looks = 0
  const failures = {
    list: async (_caller: unknown, { cursor, limit }: { cursor?: string | undefined; limit: number }) => {
      looks += 1
      const from = Number(cursor ?? 0)
      const next = from + limit < failing.length ? String(from + limit) : null
      return { items: failing.slice(from, from + limit), nextCursor: next }
    },
  }
  const database = { id: 'first' }
  const system = { info: async () => ({ databaseId: database.id }) as SystemInfo }
  const sources = { failures, system, events: { subscribe: feed.subscribe } }
  const options = { signal: ending.signal, gatherMs: 20 }
  const ended = watchFailureNews(sources, options, (news) => told.push(news))
  await eventually(() => looks === Math.ceil(failing.length / 200 || 1))
  return {
    told,
    database,
    /** Tells that something changed, and waits until it was looked at. */
    change: async () => {
      const before = looks
      feed.emit({ type: 'failure.changed', at: AT })
      feed.emit({ type: 'failure.changed', at: AT })
      await eventually(() => looks === before + 1)
    },
    end: async () => {
      ending.abort()
      await ended
    },
  }
}

describe('what the desktop tells of failures', () => {
  it('is what begins to fail: once, not what failed before, nor what somebody has seen', async () => {
    const failing = [began('old', BEFORE)]
    const { told, change, end } = await watching(failing)
    failing.unshift(
      began('new', AT, { taskName: 'Backup', lastState: 'Timeout', lastError: 'too slow\nat 3' }),
    )
    failing.push(began('seen', AT, { acknowledgedAt: AT }))
    await change()
    failing[0] = began('new', AT, { failureCount: 2 })
    await change()
    expect(told).toEqual([{ title: 'Backup timed out', body: 'too slow', path: 'failures/new' }])
    failing[0] = began('new', LATER, { taskName: 'Backup', failureCount: 3 })
    await change()
    expect(told[1]).toMatchObject({ title: 'Backup failed' })
    await end()
  })

  it('is news by when it is seen, whatever the clock of the machine says that it failed on', async () => {
    const failing: Failure[] = []
    const { told, change, end } = await watching(failing)
    failing.push(began('late', BEFORE, { taskName: 'Backup' }))
    await change()
    expect(told).toMatchObject([{ title: 'Backup failed' }])
    await end()
  })

  it('is nothing of what fails at the start, however much that is', async () => {
    const failing = Array.from({ length: 450 }, (_, n) => began(`old ${n}`, LATER))
    const { told, change, end } = await watching(failing)
    // Those behind come to the front.
    failing.splice(0, 300)
    await change()
    expect(told).toEqual([])
    await end()
  })

  it('is nothing of what failed long ago in a database that was restored, and what begins to fail there', async () => {
    const failing: Failure[] = []
    const { told, change, database, end } = await watching(failing)
    database.id = 'restored'
    failing.push(began('old', BEFORE))
    await change()
    expect(told).toEqual([])
    failing.unshift(began('new', AT, { taskName: 'Backup' }))
    await change()
    expect(told).toMatchObject([{ title: 'Backup failed' }])
    await end()
  })

  it('is one message of many', async () => {
    const failing: Failure[] = []
    const { told, change, end } = await watching(failing)
    for (const name of ['a', 'b', 'c', 'd', 'e', 'f']) failing.push(began(name, AT, { taskName: name }))
    await change()
    expect(told).toEqual([{ title: '6 tasks fail', body: 'a, b, c, d and 2 more', path: 'failures' }])
    await end()
  })
})
