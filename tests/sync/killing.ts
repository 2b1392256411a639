import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, onTestFinished } from 'vitest'
import type { OpenDatabase } from '../../src/main/data/db.ts'
import { createDatabase } from '../../src/main/data/orm.ts'
import { findCursor } from '../../src/main/data/replica/cursor.ts'
import { systemClock } from '../../src/main/platform/clock.ts'
import { databaseOptions, fileOf, type TestDatabases } from '../support/databases.ts'
import type { SyncWork } from '../support/sync-process.ts'
import { taskRow } from '../data/rows.ts'
import { heldBy, logOf, openSyncNode, type SyncNode } from './sync-node.ts'

/** Processes that do the work of table sync and are killed in the middle of it. */

const PROCESS = join(import.meta.dirname, '..', 'support', 'sync-process.ts')
const DAY_MS = 86_400_000

/** Starting the same sources over and over is most of what this takes. */
let compiled = ''
beforeAll(() => {
  compiled = mkdtempSync(join(tmpdir(), 'pswebhost-compiled-'))
})
afterAll(() => rmSync(compiled, { recursive: true, force: true }))

/** Kills the process at a random one of its first `within` statements, or a moment after; answers at which, in words. */
const killed = async (work: SyncWork, within: number): Promise<string> => {
  const at = 1 + Math.floor(Math.random() * within)
  const env = { ...process.env, NODE_COMPILE_CACHE: compiled }
  const child = spawn(process.execPath, [PROCESS, JSON.stringify(work)], {
    ...{ env, stdio: ['ignore', 'pipe', 'inherit'] },
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  let said = ''
  const dots = (): number => said.split('.').length - 1
  let isHit = false
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text
    if (isHit || dots() < at) return
    isHit = true
    void systemClock.sleep(Math.random() * 5).then(() => child.kill('SIGKILL'))
  })
  await once(child, 'exit')
  expect(said).toMatch(/^ready/)
  return `${work.kind} killed at statement ${at}${said.includes('done') ? ', when it was done' : ''}`
}

const TASKS = 120
const addTasks = (centre: OpenDatabase, name: string): Promise<unknown> =>
  centre.write({ actor: 'test' }, (tx) =>
    tx
      .insertInto('Tasks')
      .values(Array.from({ length: TASKS }, (_, n) => taskRow({ taskName: `${name} ${n}` })))
      .execute(),
  )
/** A change for each task. */
export const touchAll = async (centre: OpenDatabase, times: number): Promise<void> => {
  for (let time = 0; time < times; time += 1)
    await centre.write({ actor: 'test' }, (tx) =>
      tx
        .updateTable('Tasks')
        .set((set) => ({ priority: set('priority', '+', 1) }))
        .execute(),
    )
}

/** A node that follows a centre with some tasks, its file closed so that a process may have it. */
export const setUp = async (placeWithSchema: TestDatabases['placeWithSchema']) => {
  const config = await placeWithSchema()
  const centre = await createDatabase(databaseOptions(config))
  onTestFinished(() => centre.close())
  await addTasks(centre, 'first')
  const node = await openSyncNode(centre)
  await node.pull()
  const { nodeId, path } = node
  const since = (await findCursor(node.replica.db.look, nodeId))?.seq ?? 0
  await node.close()
  const kill = (kind: SyncWork['kind'], within: number): Promise<string> => {
    const aheadMs = kind === 'purge' || kind === 'tidy' ? 2 * DAY_MS : 0
    return killed({ kind, centre: config, path, nodeId, aheadMs }, within)
  }
  /** The replica as the next start of the node finds it. */
  const reopened = async (what = ''): Promise<SyncNode> => {
    const again = await openSyncNode(centre, { nodeId, path })
    expect(await fileOf(again.replica.db).integrity(false), what).toEqual([])
    return again
  }
  return { centre, kill, reopened, since }
}

export const expectAlike = async (
  centre: OpenDatabase,
  { replica }: SyncNode,
  since: number,
  what: string,
) => {
  expect(await heldBy(replica.db), what).toEqual(await heldBy(centre))
  expect(await logOf(replica.db, since), what).toEqual(await logOf(centre, since))
  const numbered = await replica.db.read
    .selectFrom('Data_Change')
    .selectAll()
    .where('seq', 'is', null)
    .execute()
  expect(numbered, what).toEqual([])
}
