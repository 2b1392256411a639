import type { Issue } from '../../../../shared/domain/errors.ts'
import type { Preview } from '../../../../shared/domain/preview.ts'
import type { Parameters } from '../../../../shared/domain/secret.ts'
import type { Validation } from '../../../../shared/domain/task.ts'
import { idle, settle, type Loadable } from '../../../lib/loadable.ts'
import { draftIssues, inputOf, type Draft } from './draft.ts'
import { savedTask, type EditorApi, type EditorClient, type EditorState, type Slice } from './editor-state.ts'
import { scheduleOf } from './schedule-draft.ts'
import { targetIssues } from './target-draft.ts'

const CHECK_MS = 350

type Json = Parameters[string]

/** The node takes any JSON here and says itself what is wrong with it; NaN and undefined are not JSON. */
const jsonOf = (draft: Draft) => JSON.parse(JSON.stringify(inputOf(draft))) as Record<string, Json> // just written

/** While other fields are missing, validation does not get as far as the schedule: its preview does. */
const refusalsOf = (preview: Loadable<Preview>): Issue[] =>
  preview.status === 'failed' ? (preview.error.issues ?? []) : []

/** Each once: the form and the node may find the same. */
export const distinct = (issues: readonly Issue[]): Issue[] => [
  ...new Map(issues.map((issue) => [JSON.stringify(issue), issue])).values(),
]

/** Asks the node what saving would mean, and when the task would run. Its refusals are answers here. */
const check = async (
  client: EditorClient,
  { draft, task }: EditorState,
  signal: AbortSignal,
): Promise<Slice<'issues' | 'warnings' | 'matchingNodes' | 'placements' | 'preview'>> => {
  const schedule = scheduleOf(draft.schedule)
  const zone = draft.timeZone && draft.timeZone !== 'node' ? { timeZone: draft.timeZone } : {}
  const taskId = savedTask({ task })?.taskId
  const [validation, preview] = await Promise.all([
    settle<Validation>(
      idle,
      client.tasks.validate({ ...jsonOf(draft), ...(taskId && { taskId }) }, { signal }),
    ),
    schedule === null
      ? idle
      : settle<Preview>(idle, client.schedules.preview({ schedule, ...zone, count: 10 }, { signal })),
  ])
  const found = [...draftIssues(draft), ...refusalsOf(preview)]
  if (validation.status !== 'ready') {
    const refused = validation.status === 'failed' ? (validation.error.issues ?? []) : []
    return { issues: [...found, ...refused], warnings: [], matchingNodes: null, placements: [], preview }
  }
  const { ok, errors, warnings, matchingNodes, placements } = validation.data
  // The node takes a target that is not chosen yet for any node.
  const isOpen = targetIssues(draft).length > 0
  const unknown = isOpen || (!ok && matchingNodes.length === 0)
  return {
    issues: distinct([...found, ...errors]),
    warnings,
    matchingNodes: unknown ? null : matchingNodes,
    placements: isOpen ? [] : placements,
    preview,
  }
}

/** Checks the draft once typing pauses; a newer check drops the one under way. */
export const createChecker = (client: EditorClient, api: () => EditorApi) => {
  let timer: ReturnType<typeof setTimeout> | undefined
  let running = new AbortController()
  const stop = (): void => {
    clearTimeout(timer)
    running.abort()
  }
  const start = (): void => {
    stop()
    const control = (running = new AbortController())
    timer = setTimeout(() => {
      void check(client, api().getState(), control.signal).then((result) => {
        if (!control.signal.aborted) api().setState(result)
      })
    }, CHECK_MS)
  }
  return { start, stop }
}
