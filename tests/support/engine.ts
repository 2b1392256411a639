import { afterAll, afterEach, beforeAll, onTestFinished } from 'vitest'
import type { Run } from '../../src/shared/domain/run.ts'
import { taskInputSchema, type Task, type TaskInputRaw } from '../../src/shared/domain/task.ts'
import { admin, startTestNode, type TestNode, type TestNodeOptions } from './node.ts'
import { eventually } from './eventually.ts'
import type { Home } from './homes.ts'

/** What engine tests say about a node: its tasks and the runs they had. */
export interface EngineNode extends TestNode {
  task(input: Partial<TaskInputRaw>): Promise<Task>
  runs(taskId: string): Promise<Run[]>
  /** Runs the task now and answers the id of the run. */
  start(taskId: string, options?: { nodeId?: string; parameters?: Record<string, unknown> }): Promise<string>
  /** Resolves with the run once it has ended. */
  ended(historyId: string, timeoutMs?: number): Promise<Run>
  /** Resolves with the run once it is in `state`. */
  inState(historyId: string, state: Run['state']): Promise<Run>
  output(historyId: string): Promise<string>
}

const FINAL = new Set(['Success', 'Failed', 'Timeout', 'Stopped', 'Lost', 'Skipped'])

/** A node with scripts that do what their names say. */
export const startEngineNode = async (options: TestNodeOptions = {}): Promise<EngineNode> => {
  const node = await startTestNode(options)
  const { services } = node
  await node.script('ok.sh', 'echo fine\n')
  await node.script('fail.sh', 'echo broken >&2\nexit 3\n')
  await node.script('long.sh', 'echo started\nsleep 60\n')
  let names = 0
  const get = (historyId: string) => services.runs.get(admin, historyId)
  return {
    ...node,
    task: (input) =>
      services.tasks.create(
        admin,
        taskInputSchema.parse({ taskName: `task ${(names += 1)}`, scriptPath: 'ok.sh', ...input }),
      ),
    runs: async (taskId) => {
      const page = await services.runs.list(admin, { task: [taskId], limit: 1000 })
      return page.items.reverse()
    },
    start: async (taskId, given = {}) => (await services.runs.start(admin, taskId, given)).historyId,
    ended: (historyId, timeoutMs) =>
      eventually(async () => {
        const run = await get(historyId)
        return FINAL.has(run.state) ? run : null
      }, timeoutMs),
    inState: (historyId, state) =>
      eventually(async () => {
        const run = await get(historyId)
        return run.state === state ? run : null
      }),
    output: async (historyId) => Buffer.from(await outputOf(node, historyId)).toString(),
  }
}

/** All a run wrote, as served now. */
export const outputOf = async (node: TestNode, historyId: string, follow = false): Promise<Uint8Array> => {
  const chunks: Uint8Array[] = []
  const gone = new AbortController()
  onTestFinished(() => gone.abort())
  const options = { from: 0, follow, signal: gone.signal }
  for await (const chunk of node.services.runs.output(admin, historyId, options)) chunks.push(chunk.bytes)
  return Buffer.concat(chunks)
}

/** One node for all tests of a suite, in `home`; what a test left running or waiting is stopped after it. */
export const shareEngineNode = (home?: Home): (() => EngineNode) => {
  const cleanUps: (() => Promise<void>)[] = []
  let shared: EngineNode | undefined
  const get = (): EngineNode => {
    if (!shared) throw new Error('the shared node starts before the first test')
    return shared
  }
  beforeAll(async () => {
    const onEnd = (cleanUp: () => Promise<void>): void => void cleanUps.push(cleanUp)
    shared = await startEngineNode({ ...(home ? { config: await home.config(onEnd) } : {}), onEnd })
  })
  afterEach(() => stopAll(get()))
  afterAll(async () => {
    for (const cleanUp of cleanUps.reverse()) await cleanUp()
  })
  return get
}

const stopAll = async (node: EngineNode): Promise<void> => {
  const tasks = await node.services.tasks.list(admin, { limit: 1000, sort: 'name', enabled: true })
  for (const { taskId, schedule } of tasks.items)
    if (schedule !== null) await node.services.tasks.update(admin, taskId, { enabled: false })
  const { items } = await node.services.runs.list(admin, { state: ['Queued', 'Running'], limit: 1000 })
  // One that ended meanwhile cannot be stopped any more, which is as well.
  for (const { historyId } of items) await node.services.runs.stop(admin, historyId).catch(() => undefined)
  for (const { historyId } of items) await node.ended(historyId)
}
