import { describe, expect, it } from 'vitest'
import { putNodeState } from '../../src/main/data/repos/node-states.ts'
import { updateNode } from '../../src/main/data/repos/nodes.ts'
import { placeOf } from '../../src/main/platform/place.ts'
import { isoOf } from '../../src/main/platform/clock.ts'
import { createLeases } from '../../src/main/services/engine/leases.ts'
import { createEventBus } from '../../src/main/services/events.ts'
import { refuseClash } from '../../src/main/services/nodes/clash.ts'
import { databases, TEST_NODE_ID } from '../support/databases.ts'
import { INCARNATION, openEngineDatabase } from '../support/engine-database.ts'
import { memoryLog, type MemoryLog } from '../../src/main/platform/log.ts'

const LEASE_MS = 6_000
const context = { actor: 'test' }

describe.each(databases())('$name: a node id', ({ open }) => {
  /** A node that lives at `place`, last heard of `agoMs` ago; its heart beats on while somebody waits, or not. */
  const openNode = async ({ agoMs = 1_000, beats = true, place = 'there' }: Given = {}) => {
    const engine = await openEngineDatabase(open)
    const { db, clock } = engine
    const beat = async (at: number): Promise<void> =>
      db.write(context, (tx) => updateNode(tx, TEST_NODE_ID, { lastHeartbeat: isoOf(at) }))
    await beat(clock.now() - agoMs)
    if (place !== null) await db.write(context, (tx) => putNodeState(tx, TEST_NODE_ID, { place }))
    const log = memoryLog()
    let slept = 0
    const waiting = {
      ...clock,
      sleep: async (ms: number) => {
        slept += ms
        clock.advance(ms)
        if (beats && slept === 2_000) await beat(clock.now())
      },
    }
    const start = (at: string, previousIncarnation: string | null = null) =>
      refuseClash({
        ...{ db, log, nodeId: TEST_NODE_ID, leaseMs: LEASE_MS, clock: waiting },
        ...{ place: at, previousIncarnation },
      })
    return { ...engine, start, slept: () => slept, log, beat }
  }

  it('that another machine uses is refused, with its host and what to do', async () => {
    const { start } = await openNode()
    await expect(start('here')).rejects.toMatchObject({
      code: 'CONFLICT',
      message: expect.stringMatching(
        /Node id .* is in use by another machine.* on host.*delete node\.json/,
      ) as string,
    })
  })

  it('is free again when nothing is heard of the other one for a lease', async () => {
    const { start, slept, log } = await openNode({ beats: false })
    await start('here')
    expect(slept()).toBeGreaterThanOrEqual(LEASE_MS)
    expect(textOf(log)).toContain('waiting to see whether it is still there')
  })

  it.each([
    ['the same folder', { at: 'there' }],
    ['a node that has been silent for long', { at: 'here', agoMs: 60_000 }],
    ['a database without records of places', { at: 'here', place: null, previous: INCARNATION }],
  ])('is taken up at once in %s', async (_name, { at, previous, ...given }: Taken) => {
    const { start, slept } = await openNode(given)
    await start(at, previous ?? null)
    expect(slept()).toBe(0)
  })

  it('that somebody else registers makes the first one stop, and say so', async () => {
    const { db, clock, self, log } = await openNode()
    const leases = createLeases({
      ...{ db, self, clock, log, events: createEventBus(clock), leaseMs: LEASE_MS },
      output: { read: () => Promise.resolve(null) },
      stop: () => undefined,
      holds: () => false,
      unsure: { has: () => false },
    })
    await leases.renew()
    expect(leases.identityTaken()).toBeNull()
    await db.write(context, (tx) => updateNode(tx, TEST_NODE_ID, { incarnation: 'of-another' }))
    await leases.renew()
    expect(leases.identityTaken()).toMatch(/in use by another machine or folder/)
    expect(textOf(log)).toContain('this node starts nothing')
    await db.write(context, (tx) => updateNode(tx, TEST_NODE_ID, { incarnation: INCARNATION }))
    await leases.renew()
    expect(leases.identityTaken()).toBeNull()
  })
})

interface Given {
  agoMs?: number
  beats?: boolean
  place?: string | null
}

interface Taken extends Given {
  at: string
  previous?: string
}

describe('the place of a node', () => {
  it('is the same at each start, and another in another folder', async () => {
    expect(await placeOf('/tmp')).toBe(await placeOf('/tmp'))
    expect(await placeOf('/tmp')).not.toBe(await placeOf('/usr'))
  })
})

const textOf = ({ entries }: MemoryLog): string => entries.map(({ msg }) => String(msg)).join('\n')
