import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { findMariadbServer } from '../../scripts/setup/database-programs.mjs'
import { taskInputSchema, type Task } from '../../src/shared/domain/task.ts'
import type { Run } from '../../src/shared/domain/run.ts'
import { systemClock } from '../../src/main/platform/clock.ts'
import { eventually } from '../support/eventually.ts'
import { admin, QUICK, startTestNode, type TestNode } from '../support/node.ts'
import { databaseYaml } from '../support/server-config.ts'
import { startMariadb } from '../support/servers/mariadb.ts'
import { startPostgres } from '../support/servers/postgres.ts'
import type { TestServer } from '../support/servers/server.ts'
import { createTestDatabase } from '../support/servers/test-database.ts'

/** The database server is gone for a while under load: nothing is lost, nothing runs twice, and it is said. */

const AWAY_MS = 30_000
const TASKS = 5
const EVERY_SECONDS = 2
/** How long the schedules go on when the server is back: slots after the outage are slots like any other. */
const AFTERWARDS_MS = 6_000
const FINAL = ['Success', 'Failed', 'Timeout', 'Stopped', 'Lost', 'Skipped']

const SERVERS = [
  { name: 'PostgreSQL', start: startPostgres, isHere: true },
  { name: 'MariaDB', start: startMariadb, isHere: findMariadbServer() !== undefined },
]

const startOn = async (server: TestServer): Promise<TestNode> => {
  const database = await createTestDatabase(server)
  const node = await startTestNode({ config: `${databaseYaml(server, database)}${QUICK}` })
  await node.script(
    'note.sh',
    `echo "$PSWEBHOST_TASK_NAME $PSWEBHOST_SCHEDULED_FOR" >> "${node.dir}/ran.log"\n`,
  )
  await node.script('long.sh', `sleep 8\necho done >> "${node.dir}/long.log"\n`)
  return node
}

const everyTwoSeconds = (node: TestNode, number: number): Promise<Task> =>
  node.services.tasks.create(
    admin,
    taskInputSchema.parse({
      taskName: `steady-${number}`,
      scriptPath: 'note.sh',
      schedule: { type: 'interval', everySeconds: EVERY_SECONDS },
      misfirePolicy: 'All',
      // Under Queue a slot that comes while others are caught up with would be skipped.
      overlapPolicy: 'Parallel',
    }),
  )

const runsOf = async (node: TestNode, taskId: string): Promise<Run[]> =>
  (await node.services.runs.list(admin, { task: [taskId], limit: 1000 })).items

/** The types of events as they come. */
const watch = (node: TestNode): string[] => {
  const seen: string[] = []
  const gone = new AbortController()
  onTestFinished(() => gone.abort())
  const follow = async (): Promise<void> => {
    for await (const { type } of node.services.events.subscribe(gone.signal)) seen.push(type)
  }
  void follow()
  return seen
}

const started = async (start: () => Promise<TestServer>): Promise<TestServer> => {
  const server = await start()
  onTestFinished(() => server.close())
  return server
}

describe.each(SERVERS)('$name: stopped under load', ({ name, start, isHere }) => {
  const title = `loses no run and runs none twice, and tells who watches${isHere ? '' : ` (no ${name} here)`}`
  it.skipIf(!isHere)(title, { timeout: 240_000 }, async () => {
    const server = await started(start)
    const node = await startOn(server)
    const tasks = await Promise.all(
      Array.from({ length: TASKS }, (_, number) => everyTwoSeconds(node, number)),
    )
    const long = await node.services.tasks.create(
      admin,
      taskInputSchema.parse({ taskName: 'long', scriptPath: 'long.sh', timeZone: 'UTC' }),
    )
    const events = watch(node)
    const { historyId } = await node.services.runs.start(admin, long.taskId, {})
    await eventually(async () => (await runsOf(node, tasks[0]?.taskId ?? '')).length >= 2, 15_000)

    await server.stop()
    const away = await eventually(async () => (await node.services.system.info(admin)).database.away, 15_000)
    expect(away.reason).toMatch(/connection|shutting down/)
    // Its replica answers; what only the cluster database can do waits for it.
    expect((await node.services.sync.status(admin)).fromReplica).not.toBeNull()
    expect((await node.services.tasks.get(admin, long.taskId)).taskName).toBe('long')
    await expect(node.services.runs.start(admin, long.taskId, {})).rejects.toMatchObject({
      code: 'UNAVAILABLE',
    })
    expect(await node.services.system.metrics()).toMatch(/^pswebhost_database_up 0$/m)
    await systemClock.sleep(AWAY_MS)
    // The script went on; what it did is kept until somebody takes it.
    expect((await readFile(join(node.dir, 'long.log'), 'utf8')).trim()).toBe('done')

    await server.start()
    await eventually(async () => (await node.services.system.info(admin)).database.away === null, 30_000)
    const until = systemClock.now() + AFTERWARDS_MS
    const ended = await eventually(async () => {
      const run = await node.services.runs.get(admin, historyId)
      return FINAL.includes(run.state) ? run : null
    }, 30_000)
    expect(ended.state).toBe('Success')
    expect(events).toContain('database.away')
    expect(events).toContain('database.back')

    // All of them, those of the outage too: stopping the schedules cancels what still waits.
    await eventually(async () => expect(await missing(node, tasks, until)).toEqual([]), 90_000)
    for (const { taskId } of tasks) await node.services.tasks.update(admin, taskId, { schedule: null })
    const recorded = await eventually(() => settled(node, tasks), 60_000)
    const logged = (await readFile(join(node.dir, 'ran.log'), 'utf8')).trim().split('\n')
    expect(new Set(logged).size).toBe(logged.length)
    expect(logged.toSorted()).toEqual(recorded.toSorted())
    expect(await missing(node, tasks, until)).toEqual([])
    expect(await node.services.system.metrics()).toMatch(/^pswebhost_database_up 1$/m)
  })
})

/** What became of each run of the task; `slot` as its script writes it. */
const fatesOf = async (node: TestNode, { taskId, taskName }: Task) =>
  (await runsOf(node, taskId)).map(({ scheduledFor, state, error }) => ({
    slot: `${taskName} ${scheduledFor}`,
    state,
    told: error === null ? state : `${state}, ${error}`,
  }))

/** The slots from each task's first one to `until` that have no successful run, and what is known of them. */
const missing = async (node: TestNode, tasks: readonly Task[], until: number): Promise<string[]> => {
  const lacking: string[] = []
  for (const task of tasks) {
    const fates = await fatesOf(node, task)
    const first = Date.parse(task.nextRun ?? '')
    const count = Math.floor((until - first) / (EVERY_SECONDS * 1000)) + 1
    // More than the outage: it began some slots later.
    expect(count).toBeGreaterThan(AWAY_MS / (EVERY_SECONDS * 1000))
    for (let index = 0; index < count; index += 1) {
      const slot = `${task.taskName} ${new Date(first + index * EVERY_SECONDS * 1000).toISOString()}`
      const runs = fates.filter((run) => run.slot === slot)
      if (!runs.some(({ state }) => state === 'Success'))
        lacking.push(`${slot}: ${runs.map(({ told }) => told).join(' and ') || 'no run'}`)
    }
  }
  return lacking
}

/** What the history says ran; null while runs go on. */
const settled = async (node: TestNode, tasks: readonly Task[]): Promise<string[] | null> => {
  const recorded: string[] = []
  for (const task of tasks) {
    if ((await runsOf(node, task.taskId)).some((run) => !FINAL.includes(run.state))) return null
    for (const { slot, state } of await fatesOf(node, task)) if (state === 'Success') recorded.push(slot)
  }
  return recorded
}
