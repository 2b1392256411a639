import type { ClockChange } from '../../../shared/domain/calendar.ts'
import { things } from '../../lib/format.ts'
import { href } from '../../lib/router.ts'
import { MarkShape } from './mark-shape.tsx'
import { clockText, effectText } from './words.ts'

/** On a day on which a clock changes: what becomes of the slots that it touches. */
export function ClockChanges({ changes }: { changes: readonly ClockChange[] }) {
  return changes.map((change) => (
    <section key={change.timeZone} className="clock-change" aria-label="Change of the clock">
      <p className="warn">
        <MarkShape /> {clockText(change)}
      </p>
      {change.tasks.length === 0 ? (
        <p className="t3 small">It touches no slot.</p>
      ) : (
        <ul>
          {change.tasks.map((task) => (
            <li key={task.taskId} className="small">
              <a href={href(['tasks', task.taskId])}>{task.taskName}</a>{' '}
              <span className="t2">
                {effectText(task, change)}
                {task.zoneAssumed && ', on nodes in this zone'}
              </span>
            </li>
          ))}
          {change.more > 0 && <li className="t3 small">and {things(change.more, 'further task')}</li>}
        </ul>
      )}
    </section>
  ))
}
