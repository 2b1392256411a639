import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { OpenDatabase } from '../../src/main/data/db.ts'
import { createDatabase } from '../../src/main/data/orm.ts'
import { findCursor } from '../../src/main/data/replica/cursor.ts'
import { pendingChanges } from '../../src/main/data/replica/pending.ts'
import { taskInputSchema } from '../../src/shared/domain/task.ts'
import { databaseOptions, fileOf, serverDatabases } from '../support/databases.ts'
import { eventually } from '../support/eventually.ts'
import { admin, QUICK, startTestNode, type TestNode } from '../support/node.ts'
import { databaseYaml } from '../support/server-config.ts'
import { hasSmallDisks, smallDisk } from '../support/small-disk.ts'
import { startTcpProxy } from '../support/tcp-proxy.ts'
import { taskRow } from '../data/rows.ts'
import { editsIn, heldBy, logOf, openSyncNode, type SyncNode } from './sync-node.ts'

/** The disk of a replica is full: it is said, nothing is written by halves, and it goes on by itself afterwards. */

const canMount = hasSmallDisks()
const onSmallDisk = (title: string, run: () => Promise<void>, timeout = 60_000): void =>
  it.skipIf(!canMount)(`${title}${canMount ? '' : ' (no file system may be mounted here)'}`, run, timeout)

/** Of more than it is compressed to. */
const longText = (bytes: number): string => randomBytes(bytes / 2).toString('hex')

const addLongTasks = (centre: OpenDatabase, count: number): Promise<unknown> =>
  centre.write({ actor: 'test' }, (tx) =>
    tx
      .insertInto('Tasks')
      .values(
        Array.from({ length: count }, (_, n) =>
          taskRow({ taskName: `long ${n}`, description: longText(8_000) }),
        ),
      )
      .execute(),
  )

const fullText = (path: string): RegExp => new RegExp(`^the database ${path} cannot grow: the disk is full`)

const full = (path: string) => ({
  ...{ code: 'UNAVAILABLE', message: expect.stringMatching(fullText(path)) as string },
})

const placeOf = async ({ replica, nodeId }: SyncNode): Promise<number> =>
  (await findCursor(replica.db.look, nodeId))?.seq ?? 0

const waitingOf = async ({ replica }: SyncNode): Promise<string[]> =>
  (await pendingChanges(replica.db.look)).map(({ changeId }) => changeId)

const isWhole = async ({ replica }: SyncNode): Promise<void> =>
  expect(await fileOf(replica.db).integrity(false)).toEqual([])

describe.each(serverDatabases())('$name: a replica on a full disk', ({ open }) => {
  onSmallDisk('stays at a page of the log, keeps what waits, and goes on when there is room', async () => {
    const disk = smallDisk(16)
    const centre = await open()
    const shared = await editsIn(centre).create('shared')
    const node = await openSyncNode(centre, { path: join(disk.dir, 'pswebhost.db') })
    await node.pull()
    const began = await placeOf(node)
    await editsIn(node.replica.db).update(shared, { priority: 4 })
    const waiting = await waitingOf(node)
    await addLongTasks(centre, 200)
    disk.fill(1_500_000)
    await expect(node.pull()).rejects.toMatchObject(full(node.path))
    const at = await placeOf(node)
    const reached = (await logOf(centre, began)).filter(({ seq }) => (seq ?? 0) <= at)
    expect(await logOf(node.replica.db, began)).toEqual(reached)
    expect((await heldBy(node.replica.db)).tasks).toHaveLength(1 + reached.length)
    expect(await waitingOf(node)).toEqual(waiting)
    // Still full: still said, and nothing is worse.
    await expect(node.pull()).rejects.toMatchObject(full(node.path))
    await isWhole(node)
    disk.room()
    await node.round()
    expect(await waitingOf(node)).toEqual([])
    expect(await heldBy(node.replica.db)).toEqual(await heldBy(centre))
    expect(await logOf(node.replica.db, began)).toEqual(await logOf(centre, began))
    await isWhole(node)
  })

  onSmallDisk('is empty, or what it was, when everything could not be read', async () => {
    const disk = smallDisk(24)
    const centre = await open()
    await addLongTasks(centre, 300)
    const node = await openSyncNode(centre, { path: join(disk.dir, 'pswebhost.db') })
    disk.fill(1_000_000)
    await expect(node.pull()).rejects.toMatchObject(full(node.path))
    expect(await findCursor(node.replica.db.look, node.nodeId)).toBeUndefined()
    expect((await heldBy(node.replica.db)).tasks).toEqual([])
    disk.room()
    expect((await node.pull()).bootstrapped).toBe('this node has no replica yet')
    const held = await heldBy(node.replica.db)
    expect(held).toEqual(await heldBy(centre))
    disk.fill(1_000_000)
    await editsIn(centre).create('later')
    await expect(node.pull('it was asked for')).rejects.toMatchObject(full(node.path))
    expect(await heldBy(node.replica.db)).toEqual(held)
    await isWhole(node)
    disk.room()
    await node.pull()
    expect(await heldBy(node.replica.db)).toEqual(await heldBy(centre))
  })

  onSmallDisk('refuses the edit that it cannot note, and delivers the others', async () => {
    const disk = smallDisk(8)
    const centre = await open()
    const taskId = await editsIn(centre).create('shared')
    const node = await openSyncNode(centre, { path: join(disk.dir, 'pswebhost.db') })
    await node.pull()
    const edits = editsIn(node.replica.db)
    disk.fill(500_000)
    const texts: string[] = []
    const editOn = async (): Promise<void> => {
      for (;;) {
        const description = longText(8_000)
        await edits.update(taskId, { description })
        texts.push(description)
      }
    }
    await expect(editOn()).rejects.toMatchObject(full(node.path))
    expect(texts.length).toBeGreaterThan(0)
    expect(await waitingOf(node)).toHaveLength(texts.length)
    expect((await heldBy(node.replica.db)).tasks[0]?.description).toBe(texts.at(-1))
    disk.room()
    await edits.update(taskId, { priority: 6 })
    const { delivered } = await node.push()
    expect(delivered.map(({ outcome }) => outcome)).toEqual([...texts.map(() => 'Accepted'), 'Accepted'])
    await node.pull()
    expect((await heldBy(centre)).tasks).toMatchObject([{ description: texts.at(-1), priority: 6 }])
    expect(await heldBy(node.replica.db)).toEqual(await heldBy(centre))
  })
})

describe.each(serverDatabases())('$name: a node on a full disk', ({ placeWithSchema, server }) => {
  const startOn = async (dir: string) => {
    const config = await placeWithSchema()
    if (config.type === 'SQLite') throw new Error('no server')
    const proxy = await startTcpProxy(server)
    onTestFinished(() => proxy.close())
    const centre = await createDatabase(databaseOptions(config))
    onTestFinished(() => centre.close())
    const way = { ...server, host: '127.0.0.1', port: proxy.port }
    const yaml = `${databaseYaml(way, config.database)}tableSync:\n  interval: 1\n${QUICK}`
    return { proxy, centre, node: await startTestNode({ dir, config: yaml }) }
  }
  const own = async (node: TestNode) => {
    const { fromReplica, nodes } = await node.services.sync.status(admin)
    const [self] = nodes.filter(({ isSelf }) => isSelf)
    return { isOffline: fromReplica !== null, problem: self?.lastError ?? '', lag: self?.lag, self }
  }
  const successes = async (centre: OpenDatabase): Promise<number> =>
    (await centre.read.selectFrom('Task_History').select('state').where('state', '=', 'Success').execute())
      .length

  onSmallDisk(
    'runs its tasks by the cluster database, also after that was away, and catches up when there is room',
    async () => {
      const disk = smallDisk(64)
      const { proxy, centre, node } = await startOn(disk.dir)
      await node.script('quick.sh', 'exit 0\n')
      const { self } = await eventually(async () => {
        const seen = await own(node)
        return seen.self?.cursor && seen
      })
      await node.services.tasks.create(
        admin,
        taskInputSchema.parse({
          ...{ taskName: 'pinned', scriptPath: 'quick.sh', assignedNodeId: self?.nodeId },
          schedule: { type: 'interval', everySeconds: 1 },
        }),
      )
      const moreRuns = async (): Promise<void> => {
        const before = await successes(centre)
        await eventually(async () => (await successes(centre)) >= before + 3, 20_000)
      }
      await moreRuns()
      disk.fill()
      await addLongTasks(centre, 300)
      const { problem } = await eventually(async () => {
        const seen = await own(node)
        return seen.problem !== '' && seen
      }, 20_000)
      expect(problem).toMatch(fullText(join(node.dir, 'pswebhost.db')))
      await moreRuns()

      await proxy.refuse()
      await eventually(async () => (await own(node)).isOffline, 20_000)
      await proxy.accept()
      await eventually(async () => !(await own(node)).isOffline, 30_000)
      await moreRuns()

      disk.room()
      await eventually(async () => {
        const seen = await own(node)
        return seen.problem === '' && seen.lag === 0
      }, 30_000)
    },
    120_000,
  )
})
