import { createStore, type StoreApi } from 'zustand/vanilla'
import type { ChangeDetail } from '../../../shared/domain/change.ts'
import type { AppError } from '../../../shared/domain/errors.ts'
import type { ClusterEvent } from '../../../shared/domain/events.ts'
import type { Run } from '../../../shared/domain/run.ts'
import type { AppClient } from '../../client.ts'
import { stripAnsi } from '../../lib/ansi.ts'
import { toAppError } from '../../lib/app-error.ts'
import { idle, settle, waiting, type Loadable } from '../../lib/loadable.ts'
import { createOutputBuffer, emptyOutput, type Output } from './output.ts'

/** Another run and both outputs, without colours. */
export interface Comparison {
  before: Run
  beforeText: string
  text: string
}

export interface RunViewState {
  run: Loadable<Run>
  /** Other runs of the same task, newest first. */
  others: Run[]
  /** What was changed on the task between its last success and this run: the first suspects. */
  suspects: { since: string | null; changes: ChangeDetail[] } | null
  output: Output
  outputFailure: AppError | null
  load: () => Promise<void>
  /** Reads the output, and goes on until the run ends or `signal` aborts. */
  follow: (signal: AbortSignal) => Promise<void>
  /** The whole output without colours, older lines too that are not shown. */
  text: () => Promise<string>
  compare: (otherId: string) => Promise<Comparison>
  stop: () => Promise<void>
  /** @returns the id of the new run */
  again: () => Promise<string>
  onEvent: (event: ClusterEvent) => void
}

type RunClient = Pick<AppClient, 'history' | 'tasks' | 'changes'>

const OTHERS = 30
const SUSPECTS = 3
const FLUSH_MS = 60
const RETRY_MS = 2000

const isBad = (run: Run): boolean => ['Failed', 'Timeout', 'Lost'].includes(run.state)

const timeOf = (run: Run): string => run.startTime ?? run.scheduledFor

/** Other runs help to judge this one; that they cannot be read (the task is gone) is no failure of the view. */
const readOthers = async (client: RunClient, run: Run): Promise<Run[]> => {
  const page = await settle<{ items: Run[] }>(
    idle,
    client.tasks.history({ taskId: run.taskId, limit: OTHERS }),
  )
  return page.status === 'ready' ? page.data.items : []
}

const readSuspects = async (
  client: RunClient,
  run: Run,
  others: readonly Run[],
): Promise<RunViewState['suspects']> => {
  if (!isBad(run)) return null
  const success = others.find((other) => other.state === 'Success' && timeOf(other) < timeOf(run))
  const since = success ? timeOf(success) : null
  const list = await client.changes.list({
    table: ['Tasks'],
    record: [run.taskId],
    to: timeOf(run),
    ...(since && { from: since }),
    limit: SUSPECTS,
  })
  const changes = await Promise.all(list.items.map(({ changeId }) => client.changes.get({ changeId })))
  return { since, changes }
}

type Api = StoreApi<RunViewState>

/** One pass over the output, from its start; true when the node said that it ends here. */
const readOutput = async (
  client: RunClient,
  historyId: string,
  api: Api,
  signal: AbortSignal,
): Promise<boolean> => {
  const buffer = createOutputBuffer()
  let timer: ReturnType<typeof setTimeout> | undefined
  const show = (): void => {
    timer = undefined
    if (!signal.aborted) api.setState({ output: buffer.read(), outputFailure: null })
  }
  let ended = false
  try {
    for await (const chunk of await client.history.output({ historyId, follow: true }, { signal })) {
      buffer.push(chunk.text)
      ended = chunk.end !== undefined
      timer ??= setTimeout(show, FLUSH_MS)
    }
  } finally {
    clearTimeout(timer)
  }
  show()
  return ended
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

const follow = async (client: RunClient, historyId: string, api: Api, signal: AbortSignal): Promise<void> => {
  while (!signal.aborted) {
    try {
      const ended = await readOutput(client, historyId, api, signal)
      if (ended || signal.aborted) return void api.getState().load()
    } catch (thrown) {
      if (signal.aborted) return
      const outputFailure = toAppError(thrown)
      api.setState({ outputFailure })
      if (outputFailure.code !== 'UNAVAILABLE') return
    }
    // The connection broke: the output is read again from its start, which is cheaper than a wrong offset.
    await pause(RETRY_MS)
  }
}

/** All that the node has of an output, once. */
const readText = async (client: RunClient, historyId: string): Promise<string> => {
  let text = ''
  for await (const chunk of await client.history.output({ historyId, follow: false })) text += chunk.text
  return stripAnsi(text)
}

export const createRunStore = (client: RunClient, historyId: string): Api => {
  const store: Api = createStore<RunViewState>()((set, get) => ({
    run: idle,
    others: [],
    suspects: null,
    output: emptyOutput,
    outputFailure: null,
    load: async () => {
      set({ run: waiting(get().run) })
      const run = await settle(get().run, client.history.get({ historyId }))
      set({ run })
      if (run.status !== 'ready') return
      const others = await readOthers(client, run.data)
      set({ others })
      const suspects = await settle(idle, readSuspects(client, run.data, others))
      set({ suspects: suspects.status === 'ready' ? suspects.data : null })
    },
    follow: (signal) => follow(client, historyId, store, signal),
    text: () => readText(client, historyId),
    compare: async (otherId) => {
      const [before, beforeText, text] = await Promise.all([
        client.history.get({ historyId: otherId }),
        readText(client, otherId),
        readText(client, historyId),
      ])
      return { before, beforeText, text }
    },
    stop: async () => {
      const run = await client.history.stop({ historyId })
      set({ run: { status: 'ready', data: run } })
    },
    again: async () => {
      const { run } = get()
      const taskId = run.status === 'ready' ? run.data.taskId : ''
      return (await client.tasks.run({ taskId })).historyId
    },
    onEvent: (event) => {
      const { run } = get()
      const isOurs = run.status === 'ready' && event.taskId === run.data.taskId
      if (event.id === historyId || isOurs || event.type === 'hello' || event.type === 'missed')
        void get().load()
    },
  }))
  return store
}
