import type { Services } from '../services/services.ts'
import { createBuilder, type Builder } from './builder.ts'
import { localProcedures } from './local-procedures.ts'
import { toText } from './output-text.ts'

const never = new AbortController().signal

const taskProcedures = (os: Builder['tasks'], { tasks, runs, import: importer }: Services) => ({
  list: os.list.handler(({ input, context }) => tasks.list(context.caller, input)),
  create: os.create.handler(({ input, context }) => tasks.create(context.caller, input)),
  get: os.get.handler(({ input, context }) => tasks.get(context.caller, input.taskId)),
  update: os.update.handler(({ input, context }) => tasks.update(context.caller, input.taskId, input)),
  remove: os.remove.handler(({ input, context }) => tasks.remove(context.caller, input.taskId)),
  run: os.run.handler(({ input: { taskId, nodeId, parameters }, context }) =>
    runs.start(context.caller, taskId, { nodeId: nodeId ?? null, parameters: parameters ?? null }),
  ),
  stop: os.stop.handler(({ input, context }) => runs.stopTask(context.caller, input.taskId)),
  nodes: os.nodes.handler(({ input, context }) => tasks.placements(context.caller, input.taskId)),
  schedule: os.schedule.handler(async ({ input, context }) => ({
    items: await tasks.scheduleRows(context.caller, input.taskId),
  })),
  history: os.history.handler(({ input: { taskId, ...filter }, context }) =>
    runs.list(context.caller, { ...filter, task: [taskId] }),
  ),
  validate: os.validate.handler(({ input, context }) => tasks.validate(context.caller, input)),
  import: os.import.handler(({ input, context }) => importer.importFiles(context.caller, input)),
  export: os.export.handler(({ context }) => tasks.exportAll(context.caller)),
})

const historyProcedures = (os: Builder['history'], { runs }: Services) => ({
  list: os.list.handler(({ input, context }) => runs.list(context.caller, input)),
  stats: os.stats.handler(({ input, context }) => runs.stats(context.caller, input)),
  get: os.get.handler(({ input, context }) => runs.get(context.caller, input.historyId)),
  output: os.output.handler(({ input: { historyId, from, follow }, context, signal = never }) =>
    toText(runs.output(context.caller, historyId, { from, follow, signal })),
  ),
  stop: os.stop.handler(({ input, context }) => runs.stop(context.caller, input.historyId)),
})

const changeProcedures = (os: Builder['changes'], { changes }: Services) => ({
  list: os.list.handler(({ input, context }) => changes.list(context.caller, input)),
  get: os.get.handler(({ input, context }) => changes.get(context.caller, input.changeId)),
  revert: os.revert.handler(({ input: { changeId, ...options }, context }) =>
    changes.revert(context.caller, changeId, options),
  ),
})

const nodeProcedures = (os: Builder['nodes'], { nodes }: Services) => ({
  list: os.list.handler(({ input, context }) => nodes.list(context.caller, input)),
  get: os.get.handler(({ input, context }) => nodes.get(context.caller, input.nodeId)),
  update: os.update.handler(({ input: { nodeId, ...patch }, context }) =>
    nodes.update(context.caller, nodeId, patch),
  ),
  drain: os.drain.handler(({ input, context }) => nodes.drain(context.caller, input.nodeId, input.drain)),
  retire: os.retire.handler(({ input, context }) => nodes.retire(context.caller, input.nodeId)),
  tasks: os.tasks.handler(({ input: { nodeId, ...page }, context }) =>
    nodes.tasks(context.caller, nodeId, page),
  ),
  upcoming: os.upcoming.handler(async ({ input: { nodeId, limit }, context }) => ({
    items: await nodes.upcoming(context.caller, nodeId, limit),
  })),
  register: os.register.handler(({ input, context }) => nodes.register(context.caller, input)),
  heartbeat: os.heartbeat.handler(({ input: { nodeId, ...beat }, context }) =>
    nodes.heartbeat(context.caller, nodeId, beat),
  ),
})

const syncProcedures = (os: Builder['sync'], { sync }: Services) => ({
  status: os.status.handler(({ context }) => sync.status(context.caller)),
  trigger: os.trigger.handler(({ input, context }) => sync.trigger(context.caller, input)),
  pending: os.pending.handler(async ({ context }) => ({ items: await sync.pending(context.caller) })),
  giveUp: os.giveUp.handler(({ input, context }) => sync.giveUp(context.caller, input.changeId)),
})

const conflictProcedures = (os: Builder['conflicts'], { conflicts }: Services) => ({
  list: os.list.handler(({ input, context }) => conflicts.list(context.caller, input)),
  get: os.get.handler(({ input, context }) => conflicts.get(context.caller, input.conflictId)),
  resolve: os.resolve.handler(({ input, context }) => conflicts.resolve(context.caller, input)),
})

const failureProcedures = (os: Builder['failures'], { failures }: Services) => ({
  list: os.list.handler(({ input, context }) => failures.list(context.caller, input)),
  counts: os.counts.handler(({ context }) => failures.counts(context.caller)),
  get: os.get.handler(({ input, context }) => failures.get(context.caller, input.failureId)),
  acknowledge: os.acknowledge.handler(({ input, context }) => failures.acknowledge(context.caller, input)),
  acknowledgeMany: os.acknowledgeMany.handler(async ({ input, context }) => ({
    failureIds: await failures.acknowledgeMany(context.caller, input),
  })),
  reopen: os.reopen.handler(({ input, context }) => failures.reopen(context.caller, input.failureId)),
})

const webhookProcedures = (os: Builder['webhooks'], { webhooks }: Services) => ({
  list: os.list.handler(async ({ context }) => ({ items: await webhooks.list(context.caller) })),
  create: os.create.handler(({ input, context }) => webhooks.create(context.caller, input)),
  update: os.update.handler(({ input: { webhookId, ...patch }, context }) =>
    webhooks.update(context.caller, webhookId, patch),
  ),
  renewSecret: os.renewSecret.handler(({ input, context }) =>
    webhooks.renewSecret(context.caller, input.webhookId),
  ),
  remove: os.remove.handler(({ input, context }) => webhooks.remove(context.caller, input.webhookId)),
  test: os.test.handler(({ input, context }) => webhooks.test(context.caller, input.webhookId)),
  calls: os.calls.handler(({ input, context }) => webhooks.calls(context.caller, input)),
})

const clusterProcedures = (os: Builder['cluster'], { cluster }: Services) => ({
  get: os.get.handler(({ context }) => cluster.get(context.caller)),
  stop: os.stop.handler(({ input, context }) => cluster.stop(context.caller, input.reason)),
  resume: os.resume.handler(({ context }) => cluster.resume(context.caller)),
})

const joinTokenProcedures = (os: Builder['joinTokens'], { joinTokens }: Services) => ({
  list: os.list.handler(async ({ context }) => ({ items: await joinTokens.list(context.caller) })),
  create: os.create.handler(({ input, context }) => joinTokens.create(context.caller, input)),
  revoke: os.revoke.handler(({ input, context }) => joinTokens.revoke(context.caller, input.joinTokenId)),
})

const lockProcedures = (os: Builder['locks'], { locks }: Services) => ({
  list: os.list.handler(async ({ context }) => ({ items: await locks.list(context.caller) })),
  create: os.create.handler(({ input, context }) => locks.create(context.caller, input)),
  update: os.update.handler(({ input: { lockId, ...patch }, context }) =>
    locks.update(context.caller, lockId, patch),
  ),
  remove: os.remove.handler(({ input, context }) => locks.remove(context.caller, input.lockId)),
})

const tokenProcedures = (os: Builder['tokens'], { tokens }: Services) => ({
  list: os.list.handler(async ({ context }) => ({ items: await tokens.list(context.caller) })),
  create: os.create.handler(({ input, context }) => tokens.create(context.caller, input)),
  revoke: os.revoke.handler(({ input, context }) => tokens.revoke(context.caller, input.tokenId)),
})

const sampleProcedures = (os: Builder['samples'], { samples }: Services) => ({
  list: os.list.handler(async ({ context }) => ({ items: await samples.list(context.caller) })),
  import: os.import.handler(({ input: { names, enabled }, context }) =>
    samples.import(context.caller, names, { enabled }),
  ),
})

const settingsProcedures = (os: Builder['settings'], { settings }: Services) => ({
  get: os.get.handler(({ context }) => settings.get(context.caller, { isLocal: false })),
  update: os.update.handler(({ input, context }) =>
    settings.update(context.caller, input, { isLocal: false }),
  ),
})

const procedures = (builder: Builder, services: Services) => ({
  tasks: taskProcedures(builder.tasks, services),
  schedules: {
    preview: builder.schedules.preview.handler(({ input }) => services.schedules.preview(input)),
    upcoming: builder.schedules.upcoming.handler(({ input }) => services.schedules.upcoming(input)),
    calendar: builder.schedules.calendar.handler(({ input }) => services.schedules.calendar(input)),
  },
  scripts: {
    preview: builder.scripts.preview.handler(({ input, context }) =>
      services.scripts.preview(context.caller, input),
    ),
  },
  history: historyProcedures(builder.history, services),
  changes: changeProcedures(builder.changes, services),
  nodes: nodeProcedures(builder.nodes, services),
  cluster: clusterProcedures(builder.cluster, services),
  joinTokens: joinTokenProcedures(builder.joinTokens, services),
  locks: lockProcedures(builder.locks, services),
  sync: syncProcedures(builder.sync, services),
  conflicts: conflictProcedures(builder.conflicts, services),
  failures: failureProcedures(builder.failures, services),
  webhooks: webhookProcedures(builder.webhooks, services),
  runtime: {
    jobs: builder.runtime.jobs.handler(() => services.runtime.jobs()),
    runspaces: builder.runtime.runspaces.handler(() => services.runtime.runspaces()),
    tasks: builder.runtime.tasks.handler(() => services.runtime.tasks()),
  },
  samples: sampleProcedures(builder.samples, services),
  tokens: tokenProcedures(builder.tokens, services),
  settings: settingsProcedures(builder.settings, services),
  system: { info: builder.system.info.handler(({ context }) => services.system.info(context.caller)) },
  events: builder.events.handler(({ signal = never }) => toGenerator(services.events.subscribe(signal))),
})

/** The contract, answered by the services. One line a procedure: nothing is decided here. */
export const createRouter = (services: Services) => procedures(createBuilder(), services)

/** The same and what only a caller on this machine may ask: for the control socket, never for HTTP. */
export const createLocalRouter = (services: Services) => {
  const builder = createBuilder()
  return { ...procedures(builder, services), local: localProcedures(builder.local, services) }
}

export type ApiRouter = ReturnType<typeof createRouter>
export type LocalRouter = ReturnType<typeof createLocalRouter>

/** oRPC streams what has next, return and throw; a service promises no more than to be iterable. */
async function* toGenerator<T>(source: AsyncIterable<T>): AsyncGenerator<T> {
  yield* source
}
