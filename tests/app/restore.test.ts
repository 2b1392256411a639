import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { ClusterEvent } from '../../src/shared/domain/events.ts'
import { startEngineNode, type EngineNode } from '../support/engine.ts'
import { eventually } from '../support/eventually.ts'
import { admin, QUICK } from '../support/node.ts'
import { withBrokenDatabase, withDamagedDatabase } from './damaged-backups.ts'

const PASSPHRASE = 'correct horse battery'
const PATIENT = QUICK.replace('shutdownGraceSeconds: 1', 'shutdownGraceSeconds: 5')

const fileOf = (node: EngineNode): string => join(node.dir, 'backup.tgz')
const backup = (node: EngineNode, passphrase?: string) =>
  node.services.system.backup(admin, { file: fileOf(node), passphrase })
const restore = (node: EngineNode, file = fileOf(node), passphrase?: string) =>
  node.services.system.restore(admin, { file, passphrase })

const namesIn = async (node: EngineNode): Promise<string[]> => {
  const { items } = await node.services.tasks.list(admin, { limit: 100, sort: 'name' })
  return items.map((task) => task.taskName)
}

const watch = (node: EngineNode): ClusterEvent[] => {
  const seen: ClusterEvent[] = []
  const gone = new AbortController()
  onTestFinished(() => gone.abort())
  void (async () => {
    for await (const event of node.services.events.subscribe(gone.signal)) seen.push(event)
  })()
  return seen
}

const incarnationOf = async (node: EngineNode): Promise<string> =>
  (JSON.parse(await readFile(join(node.dir, 'node.json'), 'utf8')) as { incarnation: string }).incarnation

/** A script runs, and keeps a restore or a close waiting for the grace. */
const startLong = async (node: EngineNode): Promise<string> => {
  const task = await node.task({ taskName: 'long', scriptPath: 'long.sh' })
  const historyId = await node.start(task.taskId)
  await eventually(async () => (await node.output(historyId)) === 'started\n')
  return historyId
}

/** Resolves when a restore waits for scripts: writes are refused from then on. */
const untilLeaving = (node: EngineNode): Promise<unknown> =>
  eventually(async () => {
    try {
      await node.task({ taskName: `thrown away ${Math.random()}` })
      return false
    } catch (error) {
      return String(error).includes('restore is going on')
    }
  })

describe('a restore of a running node', () => {
  it('brings the tasks of the backup back, runs their schedules, and tells who watches', async () => {
    const node = await startEngineNode()
    const ticking = await node.task({ taskName: 'ticking', schedule: '* * * * * *' })
    await backup(node)
    await node.task({ taskName: 'after the backup' })
    const running = await startLong(node)
    const events = watch(node)
    const before = await incarnationOf(node)

    expect(await restore(node)).toEqual({ restoredFrom: fileOf(node) })

    expect(await namesIn(node)).toEqual(['ticking'])
    expect(events.map((event) => event.type)).toContain('missed')
    expect(events.find((event) => event.type === 'run.finished' && event.id === running)?.state).toBe(
      'Stopped',
    )
    expect(await incarnationOf(node)).not.toBe(before)
    const known = (await node.runs(ticking.taskId)).length
    await eventually(async () => (await node.runs(ticking.taskId)).length > known + 1)
    // The stream from before the restore goes on.
    const task = await node.task({ taskName: 'new' })
    await eventually(() => events.find((event) => event.type === 'task.changed' && event.id === task.taskId))
    expect(
      events.filter((event) => event.type === 'change.recorded' && event.at >= task.createdAt),
    ).toHaveLength(1)
  })

  it('refuses edits while it waits for scripts, and answers questions', async () => {
    const node = await startEngineNode({ config: PATIENT })
    await backup(node)
    const running = await startLong(node)
    const restoring = restore(node)
    await untilLeaving(node)
    expect((await node.services.runs.get(admin, running)).state).toBe('Running')
    expect(await node.output(running)).toBe('started\n')
    // Stopping the script ends the wait.
    await node.services.runs.stop(admin, running)
    await restoring
    expect(await namesIn(node)).toEqual([])
  })

  it('ends the stream of whoever follows a run that cannot end, saying why', async () => {
    const node = await startEngineNode()
    const { nodeId } = await node.services.system.info(admin)
    await node.services.nodes.update(admin, nodeId, { maxConcurrentTasks: 1 })
    const task = await node.task({})
    await backup(node)
    await startLong(node)
    const queued = await node.start(task.taskId)
    const follow = async (): Promise<void> => {
      const output = node.services.runs.output(admin, queued, { from: 0, follow: true })
      for await (const chunk of output) expect(chunk.end).toBeUndefined()
    }
    const following = follow().catch((error: unknown) => error)
    await restore(node)
    expect(await following).toMatchObject({
      code: 'UNAVAILABLE',
      message: 'A restore is going on; try again in a moment.',
    })
  })

  it('is refused while another one goes on', async () => {
    const node = await startEngineNode()
    await node.task({ taskName: 'kept' })
    await backup(node)
    await startLong(node)
    const first = restore(node)
    await expect(restore(node)).rejects.toMatchObject({ code: 'CONFLICT' })
    await untilLeaving(node)
    await expect(restore(node)).rejects.toMatchObject({ code: 'CONFLICT' })
    await first
    expect(await namesIn(node)).toEqual(['kept'])
    await restore(node)
    expect(await namesIn(node)).toEqual(['kept'])
  })

  it('is given up when the node is told to stop meanwhile', async () => {
    const node = await startEngineNode({ config: PATIENT })
    await backup(node)
    const running = await startLong(node)
    const restoring = restore(node).catch((error: unknown) => error)
    await untilLeaving(node)
    const closing = node.close()
    await expect(restore(node)).rejects.toMatchObject({ code: 'UNAVAILABLE' })
    node.hurry()
    await closing
    expect(await restoring).toMatchObject({
      code: 'UNAVAILABLE',
      message: 'The node is stopping. Nothing was changed.',
    })
    expect(() => node.services.system.health()).toThrow('The node is stopping.')

    const again = await startEngineNode({ dir: node.dir })
    expect(await namesIn(again)).toContain('long')
    expect((await again.services.runs.get(admin, running)).state).toBe('Stopped')
  })
})

describe('a restore that cannot be', () => {
  it('replaces nothing when the passphrase is wrong', async () => {
    const node = await startEngineNode()
    await backup(node, PASSPHRASE)
    await node.task({ taskName: 'kept' })
    await expect(restore(node, fileOf(node), 'wrong horse battery')).rejects.toMatchObject({
      code: 'BAD_REQUEST',
      issues: [{ path: ['passphrase'] }],
    })
    expect(await namesIn(node)).toEqual(['kept'])
  })

  it('replaces nothing when the file is damaged, or its database is', async () => {
    const node = await startEngineNode()
    await backup(node)
    await node.task({ taskName: 'kept' })
    const whole = await readFile(fileOf(node))
    const cut = join(node.dir, 'cut.tgz')
    await writeFile(cut, whole.subarray(0, whole.length / 2))
    await expect(restore(node, cut)).rejects.toMatchObject({ code: 'BAD_REQUEST' })
    const damaged = await withDamagedDatabase(node.dir, whole)
    await expect(restore(node, damaged)).rejects.toMatchObject({
      code: 'BAD_REQUEST',
      message: expect.stringContaining(damaged) as unknown,
    })
    expect(await namesIn(node)).toEqual(['kept'])
    // Nothing stopped either.
    const task = await node.task({})
    expect((await node.ended(await node.start(task.taskId))).state).toBe('Success')
  })

  it('goes on with what it had when the restored database does not start', async () => {
    const node = await startEngineNode()
    const task = await node.task({ taskName: 'kept' })
    await node.ended(await node.start(task.taskId))
    await backup(node)
    await node.task({ taskName: 'newer' })
    const broken = await withBrokenDatabase(node.dir, fileOf(node))
    await expect(restore(node, broken)).rejects.toMatchObject({
      message: expect.stringMatching(/the node goes on with what it had: .*no space/) as unknown,
    })
    expect(await namesIn(node)).toEqual(['kept', 'newer'])
    expect((await node.ended(await node.start(task.taskId))).state).toBe('Success')
  })
})

describe('a restore on another machine', () => {
  const secretive = {
    taskName: 'secretive',
    scriptPath: 'secret.sh',
    environment: { CODE: { secret: 'sesame42' } },
  }
  const prepare = async (): Promise<{ old: EngineNode; fresh: EngineNode; taskId: string }> => {
    const old = await startEngineNode()
    await old.script('secret.sh', 'echo "length ${#CODE}"\n')
    const { taskId } = await old.task(secretive)
    await backup(old, PASSPHRASE)
    await old.close()
    const fresh = await startEngineNode()
    await fresh.script('secret.sh', 'echo "length ${#CODE}"\n')
    return { old, fresh, taskId }
  }

  it('with the passphrase brings secret values, under a name of its own', async () => {
    const { old, fresh, taskId } = await prepare()
    await restore(fresh, fileOf(old), PASSPHRASE)
    const historyId = await fresh.start(taskId)
    expect(await fresh.ended(historyId)).toMatchObject({ state: 'Success' })
    expect(await fresh.output(historyId)).toBe('length 8\n')
    const { items } = await fresh.services.nodes.list(admin, { limit: 10 })
    expect(items).toHaveLength(2)
    expect(items.find((node) => node.isThisNode)?.nodeName).toMatch(/-2$/)
  })

  it('without the passphrase runs what has no secrets, leaves the rest in the queue, and says why', async () => {
    const { old, fresh, taskId } = await prepare()
    await restore(fresh, fileOf(old))
    const elsewhere = (await fresh.services.nodes.list(admin, { limit: 10 })).items.find(
      (one) => !one.isThisNode,
    )
    // The machine of the backup could run it, and may come back.
    const waiting = await fresh.start(taskId, { nodeId: elsewhere?.nodeId ?? '' })
    const plain = await fresh.task({})
    expect((await fresh.ended(await fresh.start(plain.taskId))).state).toBe('Success')
    expect((await fresh.services.runs.get(admin, waiting)).state).toBe('Queued')
    const { nodeId } = await fresh.services.system.info(admin)
    await expect(fresh.start(taskId, { nodeId })).rejects.toThrow(/has no cluster key and cannot open/)
    await expect(fresh.task({ ...secretive, taskName: 'another' })).rejects.toThrow(
      /this node holds no copy of the cluster key/,
    )
  })
})
