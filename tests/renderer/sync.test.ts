import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { replicaWords } from '../../src/renderer/features/changes/words.ts'
import { linesOf } from '../../src/renderer/features/sync/lines.ts'
import { barPx, isCounted, replicasOf } from '../../src/renderer/features/sync/standing.ts'
import { decidedLately, outcomeWords } from '../../src/renderer/features/sync/words.ts'
import { deliveredWords } from '../../src/renderer/shell/deliveries.ts'
import { createSyncStore, type SyncClient } from '../../src/renderer/shell/sync-store.ts'
import type { SyncStatus } from '../../src/shared/domain/sync.ts'
import {
  byRule,
  conflictField,
  conflictOf,
  pendingOf,
  syncNode,
  syncStatus,
} from '../support/sync-records.ts'
import { clientOf, event, node, type EventType } from './support.ts'

describe('the replicas', () => {
  const kinds = (status: SyncStatus, ...nodes: ReturnType<typeof node>[]): string[] =>
    replicasOf(status, nodes).map(({ sync, standing }) => `${sync.nodeName} ${standing.kind}`)

  it('stand with what needs somebody first, then by name', () => {
    const status = syncStatus({
      nodes: [
        syncNode('b'),
        syncNode('a'),
        syncNode('late', { lags: [3] }),
        syncNode('new', { cursor: null }),
        syncNode('edits', { pending: 1 }),
        syncNode('gone', { lags: [9] }),
        syncNode('broken', { lastError: 'no such table' }),
      ],
    })
    expect(kinds(status, node('gone', { state: 'Away' }))).toEqual([
      ...['broken error', 'gone away', 'edits waits', 'late behind', 'new none', 'a current', 'b current'],
    ])
  })

  it('are not said to be up to date while nobody can count what they lack', () => {
    const status = syncStatus({ newestSeq: null, nodes: [syncNode('a')] })
    expect(kinds(status)).toEqual(['a unknown'])
    expect(replicasOf(status, []).map((one) => isCounted(one, status))).toEqual([false])
  })

  it('of this node tell how far a copy is', () => {
    const progress = { phase: 'bootstrap', done: 1, total: 4 } as const
    const status = syncStatus({ progress, nodes: [syncNode('a', { isSelf: true }), syncNode('b')] })
    expect(kinds(status)).toEqual(['a copying', 'b current'])
  })

  it('have bars that show 2 and 1000 alike, and end somewhere', () => {
    expect(barPx(1)).toBe(8)
    expect(barPx(1000)).toBe(42)
    expect(barPx(1_000_000)).toBe(42)
    expect(barPx(10) - barPx(1)).toBeCloseTo(barPx(100) - barPx(10))
  })

  it('that hold a change are named by those that do not yet', () => {
    const keeping = ['a', 'b', 'c'].map((name) => ({ nodeId: name, nodeName: name }))
    expect(replicaWords(keeping, ['a', 'b', 'c', 'retired'])).toBe('3 of 3 nodes')
    expect(replicaWords(keeping, ['a'])).toBe('1 of 3 nodes; not yet on b, c')
  })
})

describe('the inbox', () => {
  const open = conflictOf('open', { fields: [conflictField('timeout', [1, 2, 3])] })
  const ready = (items: (typeof open)[], nextCursor: string | null = null) =>
    ({ status: 'ready', data: { items, nextCursor } }) as const

  it('has what waits first, then what is to decide, then what is decided, by rule and by somebody', () => {
    const byAnna = { ...byRule(open), conflictId: 'anna', resolvedBy: 'anna', resolution: 'mine' as const }
    const lines = linesOf({
      pending: [pendingOf('p')],
      open: ready([open], 'more'),
      decided: ready([byAnna, { ...byRule(open), conflictId: 'rule' }]),
    })
    expect(lines.map((line) => ('head' in line ? line.head : Object.keys(line)[0]))).toEqual([
      ...['To send · 1', 'edit', 'To decide · 1+', 'conflict', 'more'],
      ...['Decided by rule', 'conflict', 'Decided', 'conflict'],
    ])
    expect(outcomeWords(byAnna)).toBe('mine, by anna')
    expect(outcomeWords(byRule(open))).toBe('timeout: theirs was newer')
  })

  it('counts what a rule decided within a day', () => {
    const now = Date.parse(open.detectedAt) + 3_600_000
    const before = { ...byRule(open), detectedAt: '2026-11-20T14:00:00.000Z' }
    expect(decidedLately([byRule(open), before], true, now)).toEqual({ count: 1, more: false })
    expect(decidedLately([byRule(open)], true, now)).toEqual({ count: 1, more: true })
  })
})

describe('what was delivered', () => {
  it.each([
    [{ accepted: 2, conflicts: 1 }, '3 offline edits reached the cluster database: 2 taken, 1 in conflict'],
    [{ merged: 1 }, '1 offline edit reached the cluster database: 1 merged with what others edited'],
    [
      { accepted: 1, refused: 2 },
      '1 offline edit reached the cluster database: 1 taken. 2 offline edits were refused and wait on',
    ],
    [{ refused: 1 }, '1 offline edit was refused and waits on'],
    [{}, null],
  ])('is told in words: %j', (part, words) => {
    expect(deliveredWords({ ...{ accepted: 0, merged: 0, conflicts: 0, refused: 0 }, ...part })).toBe(words)
  })
})

describe('the store of table sync', () => {
  beforeEach(() => {
    vi.useFakeTimers()
    vi.stubGlobal('document', { hidden: false })
  })
  afterEach(() => {
    vi.useRealTimers()
    vi.unstubAllGlobals()
  })

  const openStore = (part: Partial<SyncStatus> = {}) => {
    let asked = 0
    const pending = vi.fn(() => Promise.resolve({ items: [pendingOf('p')] }))
    const answer: { status: SyncStatus } = { status: syncStatus(part) }
    const status = () => ((asked += 1), Promise.resolve(answer.status))
    const store = createSyncStore(clientOf<SyncClient>({ sync: { status, pending } }))
    const after = async (...types: EventType[]): Promise<number> => {
      const before = asked
      for (const type of types) store.getState().onEvent(event(type))
      await vi.advanceTimersByTimeAsync(4000)
      return asked - before
    }
    return { store, after, pending, answer }
  }

  it('asks once for many events, and for changes of others only while somebody looks', async () => {
    const { store, after } = openStore()
    expect(await after('hello', 'sync.progress', 'conflict.changed')).toBe(1)
    expect(await after('change.recorded', 'task.changed')).toBe(0)
    const stop = store.getState().watch()
    await vi.advanceTimersByTimeAsync(0)
    expect(await after('change.recorded', 'change.recorded')).toBe(1)
    stop()
    expect(await after()).toBe(0)
  })

  it('reads what waits when this node says that something does, and forgets it when nothing does', async () => {
    const { store, after, pending, answer } = openStore()
    await after('hello')
    expect(pending).not.toHaveBeenCalled()
    answer.status = syncStatus({
      nodes: [syncNode('a', { isSelf: true, pending: 1 })],
      fromReplica: { since: '2026-11-24T14:00:00.000Z', asOf: null },
    })
    await after('database.away')
    expect(store.getState().pending).toHaveLength(1)
    // On a replica every edit may be one more that waits.
    expect(await after('task.changed')).toBe(1)
    answer.status = syncStatus()
    await after('sync.delivered')
    expect(store.getState().pending).toEqual([])
  })
})
