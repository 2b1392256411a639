import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { taskInputSchema, type Task } from '../../src/shared/domain/task.ts'
import type { Run } from '../../src/shared/domain/run.ts'
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
const FINAL = ['Success', 'Failed', 'Timeout', 'Stopped', 'Lost', 'Skipped']

const SERVERS = [
  { name: 'PostgreSQL', start: startPostgres },
  { name: 'MariaDB', start: startMariadb },
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
      schedule: { type: 'interval', everySeconds: 2 },
      misfirePolicy: 'All',
      overlapPolicy: 'Queue',
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

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

const started = async (start: () => Promise<TestServer>): Promise<TestServer> => {
  const server = await start()
  onTestFinished(() => server.close())
  return server
}

describe.each(SERVERS)('$name stopped under load', ({ start }) => {
  it('loses no run and runs none twice, and tells who watches', { timeout: 180_000 }, async () => {
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
    await expect(node.services.tasks.get(admin, long.taskId)).rejects.toMatchObject({ code: 'UNAVAILABLE' })
    await sleep(AWAY_MS)
    // The script went on; what it did is kept until somebody takes it.
    expect((await readFile(join(node.dir, 'long.log'), 'utf8')).trim()).toBe('done')

    await server.start()
    await eventually(async () => (await node.services.system.info(admin)).database.away === null, 30_000)
    const ended = await eventually(async () => {
      const run = await node.services.runs.get(admin, historyId)
      return FINAL.includes(run.state) ? run : null
    }, 30_000)
    expect(ended.state).toBe('Success')
    expect(events).toContain('database.away')
    expect(events).toContain('database.back')

    for (const { taskId } of tasks) await node.services.tasks.update(admin, taskId, { schedule: null })
    const ran = await eventually(() => settled(node, tasks), 60_000)
    expect(new Set(ran.logged).size).toBe(ran.logged.length)
    expect(ran.logged.toSorted()).toEqual(ran.recorded.toSorted())
    expect(ran.gaps).toEqual([])
  })
})

/** What the scripts say they ran, what the history says, and slots that nothing is known of; null while runs go on. */
const settled = async (node: TestNode, tasks: readonly Task[]) => {
  const recorded: string[] = []
  const gaps: string[] = []
  for (const task of tasks) {
    const runs = await runsOf(node, task.taskId)
    if (runs.some((run) => !FINAL.includes(run.state))) return null
    const done = runs.filter((run) => run.state === 'Success').map((run) => run.scheduledFor)
    recorded.push(...done.map((slot) => `${task.taskName} ${slot}`))
    gaps.push(...gapsBetween(done))
  }
  const log = await readFile(join(node.dir, 'ran.log'), 'utf8')
  return { recorded, gaps, logged: log.trim().split('\n') }
}

/** Slots two seconds apart: each is followed by the next. */
const gapsBetween = (slots: readonly string[]): string[] =>
  slots
    .toSorted()
    .flatMap((slot, index, all) =>
      index > 0 && Date.parse(slot) - Date.parse(all[index - 1] ?? '') !== 2000 ? [slot] : [],
    )
