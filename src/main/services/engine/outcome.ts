import { effectiveRunOn } from '../../../shared/domain/assignment.ts'
import { FAILED_STATES, type FailedState } from '../../../shared/domain/failure.ts'
import type { FinalState } from '../../../shared/domain/run.ts'
import type { WebhookEvent, WebhookPayload } from '../../../shared/domain/webhook.ts'
import { readInfo } from '../../data/cluster-info.ts'
import type { Tx } from '../../data/db.ts'
import { hasFailureTables } from '../../data/failure-tables.ts'
import { failureOf, insertFailure, updateFailure, type FailureRow } from '../../data/repos/failures.ts'
import type { RunRecord } from '../../data/repos/runs.ts'
import type { TaskRow } from '../../data/repos/tasks.ts'
import { enabledWebhooks, insertCalls, type WebhookRow } from '../../data/repos/webhooks.ts'
import { newId } from '../../platform/ids.ts'

/**
 * What a run's end means for its task: it fails, goes on failing, or has recovered. Noted with the end itself, and so
 * is who outside is to be told: neither is lost, and neither is told twice.
 */

/** The end of a run that no retry follows. */
export interface Outcome {
  run: RunRecord
  /** Undefined: it was deleted meanwhile. */
  task: TaskRow | undefined
  state: FinalState
  error: string | null
  exitCode: number | null
  endTime: string
  now: string
}

const isFailed = (state: FinalState): state is FailedState =>
  (FAILED_STATES as readonly string[]).includes(state)

/** The task is locked by whoever ends its run; on a schema without failures nothing is noted. */
export const noteOutcome = async (tx: Tx, outcome: Outcome): Promise<void> => {
  const { state, run } = outcome
  if (!hasFailureTables(tx) || (!isFailed(state) && state !== 'Success')) return
  const failure = await failureOf(tx, placeOf(outcome))
  if (isFailed(state)) return noteFailure(tx, { ...outcome, state }, failure)
  // By slots, which have the cluster's time, not by ends, which have their node's: one that was due before the one
  // that failed, and is delivered late, is no recovery.
  if (!failure || failure.recoveredAt !== null || run.scheduledFor < failure.lastScheduledFor) return
  await updateFailure(tx, failure.failureId, {
    ...{ recoveredAt: outcome.endTime, recoveredHistoryId: run.historyId },
    ...{ updatedAt: outcome.now, version: failure.version + 1 },
  })
  await tell(tx, outcome, { event: 'recovery', failure, isRepeat: false })
}

/** Each node of a task that runs on all of them fails by itself. */
const placeOf = ({ run, task }: Outcome): Pick<FailureRow, 'taskId' | 'nodeId'> => ({
  taskId: run.taskId,
  nodeId: task && effectiveRunOn(task) === 'All' ? run.nodeId : null,
})

/** One that comes and goes while nobody looks stays one failure, and is told of each time it comes. */
const noteFailure = async (
  tx: Tx,
  outcome: Outcome & { state: FailedState },
  before: FailureRow | undefined,
): Promise<void> => {
  const { run, endTime, now } = outcome
  const last = lastOf(outcome)
  if (!before) {
    const row: FailureRow = {
      ...{ failureId: newId(), ...placeOf(outcome), ...last, failureCount: 1, failingSince: endTime },
      ...{ firstAt: endTime, firstHistoryId: run.historyId, recoveredAt: null, recoveredHistoryId: null },
      ...{ acknowledgedAt: null, acknowledgedBy: null, note: null, updatedAt: now, version: 1 },
    }
    await insertFailure(tx, row)
    return tell(tx, outcome, { event: 'failure', failure: row, isRepeat: false })
  }
  const isRepeat = before.recoveredAt === null
  const changed = {
    ...(run.scheduledFor >= before.lastScheduledFor ? last : {}),
    ...(isRepeat ? {} : { failingSince: endTime, recoveredAt: null, recoveredHistoryId: null }),
    ...{ failureCount: before.failureCount + 1, updatedAt: now, version: before.version + 1 },
  }
  await updateFailure(tx, before.failureId, changed)
  await tell(tx, outcome, { event: 'failure', failure: { ...before, ...changed }, isRepeat })
}

const lastOf = ({ run, state, error, endTime }: Outcome & { state: FailedState }) => ({
  ...{ taskName: run.taskName, appName: run.appName, lastAt: endTime, lastHistoryId: run.historyId },
  ...{ lastScheduledFor: run.scheduledFor, lastState: state, lastError: error },
})

/** What somebody outside may want to hear. */
interface News {
  event: Exclude<WebhookEvent, 'test'>
  failure: FailureRow
  /** It failed before, and has not succeeded since. */
  isRepeat: boolean
}

const tell = async (tx: Tx, outcome: Outcome, news: News): Promise<void> => {
  const hooks = (await enabledWebhooks(tx)).filter((hook) => isFor(hook, outcome, news))
  if (hooks.length === 0) return
  const { run, now } = outcome
  const { event } = news
  const body = payloadOf(event, outcome, news.failure, (await readInfo(tx, 'ClusterID')) ?? '')
  await insertCalls(
    tx,
    hooks.map(({ webhookId }) => ({
      ...{ callId: newId(), webhookId, event, taskId: run.taskId, historyId: run.historyId, body },
      ...{ state: 'Waiting', createdAt: now, notBefore: now, attempts: 0 },
    })),
  )
}

const isFor = (
  { onFailure, onRecovery, repeats, apps, tags }: WebhookRow,
  { run, task }: Outcome,
  { event, isRepeat }: News,
): boolean => {
  if (event === 'recovery' ? !onRecovery : !onFailure) return false
  if (isRepeat && !repeats) return false
  if (apps.length === 0 && tags.length === 0) return true
  return (
    (run.appName !== null && apps.includes(run.appName)) ||
    (task?.tags ?? []).some((tag) => tags.includes(tag))
  )
}

const payloadOf = (
  type: WebhookEvent,
  { run, state, error, exitCode, endTime }: Outcome,
  { failingSince, failureCount }: FailureRow,
  clusterId: string,
): WebhookPayload => ({
  type,
  timestamp: endTime,
  data: {
    ...{ clusterId, taskId: run.taskId, taskName: run.taskName, appName: run.appName, nodeId: run.nodeId },
    ...{ historyId: run.historyId, state: state as FailedState | 'Success', error, exitCode },
    ...{ failureCount, failingSince },
  },
})
