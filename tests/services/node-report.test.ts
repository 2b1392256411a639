import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { findNodeState } from '../../src/main/data/repos/node-states.ts'
import { updateNode } from '../../src/main/data/repos/nodes.ts'
import { createEventBus } from '../../src/main/services/events.ts'
import { createNodeReport } from '../../src/main/services/nodes/report.ts'
import { createNodes } from '../../src/main/services/nodes.ts'
import { createPlacer } from '../../src/main/services/tasks/placements.ts'
import { databases, TEST_NODE_ID } from '../support/databases.ts'
import { openEngineDatabase } from '../support/engine-database.ts'
import { memoryLog, type MemoryLog } from '../../src/main/platform/log.ts'
import { admin } from '../support/node.ts'

const signal = new AbortController().signal

describe.each(databases())('$name: a node tells of itself', ({ open }) => {
  const openNode = async () => {
    const engine = await openEngineDatabase(open)
    const { db, clock, self } = engine
    const folder = await mkdtemp(join(tmpdir(), 'scripts-'))
    onTestFinished(() => rm(folder, { recursive: true }))
    let offset = 0
    const log = memoryLog()
    const report = createNodeReport({
      ...{
        db,
        clock,
        self,
        log,
        keys: { announce: async () => undefined },
        scriptRoots: () => [folder],
        clockOffsetMs: () => offset,
      },
    })
    const nodes = createNodes({
      ...{ db, self, events: createEventBus(clock), awayAfterMs: 60_000 },
      placer: createPlacer({
        ...{ db, awayAfterMs: 60_000, ownKey: { nodeId: TEST_NODE_ID, available: () => true } },
      }),
      nodeChanged: () => Promise.resolve(),
      wake: () => {},
    })
    return {
      ...{ ...engine, folder, report, nodes, log },
      setOffset: (ms: number) => (offset = ms),
      told: () => findNodeState(db.look, TEST_NODE_ID),
    }
  }

  it('which scripts of its own tasks it lacks, until they are there', async () => {
    const node = await openNode()
    await node.node({ nodeId: 'other', nodeName: 'other' })
    const missing = await node.task({ scriptPath: 'late.sh' })
    await node.task({ scriptPath: 'elsewhere.sh', assignedNodeId: 'other' })
    await node.task({ scriptPath: 'off.sh', enabled: false })
    await node.report(signal)
    expect((await node.told())?.missingScripts).toEqual([
      {
        ...{ taskId: missing.taskId, taskName: missing.taskName, scriptPath: 'late.sh' },
        reason: expect.stringContaining('late.sh is not on this node') as string,
      },
    ])
    expect((await node.nodes.get(admin, TEST_NODE_ID)).missingScripts).toHaveLength(1)
    await writeFile(join(node.folder, 'late.sh'), 'true\n')
    await node.report(signal)
    expect((await node.told())?.missingScripts).toEqual([])
  })

  it('how far its clock is off, with a warning above a second, once', async () => {
    const node = await openNode()
    await node.report(signal)
    expect((await node.told())?.clockOffset).toBe(0)
    node.setOffset(20)
    await node.report(signal)
    // What wavers is no news.
    expect((await node.told())?.clockOffset).toBe(0)
    expect(textOf(node.log)).toBe('')
    node.setOffset(-600_000)
    await node.report(signal)
    await node.report(signal)
    expect((await node.told())?.clockOffset).toBe(-600_000)
    expect(textOf(node.log).match(/600000 ms behind the database's/g)).toHaveLength(1)
  })

  it('since when, by whom and why it drains', async () => {
    const { nodes, clock, db } = await openNode()
    const now = new Date(clock.now()).toISOString()
    await db.write({ actor: 'test' }, (tx) => updateNode(tx, TEST_NODE_ID, { lastHeartbeat: now }))
    expect(await nodes.get(admin, TEST_NODE_ID)).toMatchObject({ state: 'Active', stateReason: null })
    const drained = await nodes.drain({ ...admin, reason: 'patch day' }, TEST_NODE_ID, true)
    expect(drained).toMatchObject({ state: 'Draining', stateSince: now })
    expect(drained.stateReason).toMatch(`draining by ${admin.actor}: patch day (`)
    clock.advance(1_000)
    // Asked once more it is still the first that drains it.
    expect(await nodes.drain(admin, TEST_NODE_ID, true)).toMatchObject({ stateSince: now })
    expect(await nodes.drain(admin, TEST_NODE_ID, false)).toMatchObject({ state: 'Active' })
    clock.advance(120_000)
    expect(await nodes.get(admin, TEST_NODE_ID)).toMatchObject({ state: 'Away', stateSince: now })
  })
})

const textOf = ({ entries }: MemoryLog): string => entries.map(({ msg }) => String(msg)).join('\n')
