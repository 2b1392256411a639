import type { PushOutcome } from '../../shared/domain/sync.ts'
import type { EventBus } from '../services/events.ts'
import type { PushResult } from '../services/sync/push.ts'

/** What became of the edits of this node, to whoever watches: each change once, and the counts. */
export const tellPushed = (events: EventBus, { delivered, refused }: PushResult): void => {
  const count = (...outcomes: PushOutcome[]): number =>
    delivered.filter(({ outcome }) => outcomes.includes(outcome)).length
  for (const { recordId } of delivered) events.emit({ type: 'task.changed', id: recordId, taskId: recordId })
  const counts = {
    accepted: count('Accepted', 'Unchanged'),
    merged: count('Merged'),
    conflicts: count('Conflict'),
    refused,
  }
  events.emit({ type: 'sync.delivered', delivered: counts })
  if (counts.conflicts > 0) events.emit({ type: 'conflict.changed' })
}
