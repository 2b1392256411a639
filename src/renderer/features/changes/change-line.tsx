import type { Change } from '../../../shared/domain/change.ts'
import { actorWords, listWords, recordWords, tableWord } from '../../lib/change-words.ts'
import { href, useRoute } from '../../lib/router.ts'
import { Shape } from '../../ui/state.tsx'
import { Clock } from '../../ui/time.tsx'

/** A change among those around another: what, of which record, by whom. The filters of the log stay. */
export function ChangeLine({ change, here = false }: { change: Change; here?: boolean }) {
  const { params } = useRoute()
  return (
    <li>
      <a
        href={href(['changes', change.changeId], params)}
        className={here ? 'here' : ''}
        aria-current={here || undefined}
      >
        <Shape of={change.action} alone />
        <span className="cut">
          <b>{recordWords(change)}</b>{' '}
          <span className="t3">
            {listWords(change)}
            {change.changeReason && `: ${change.changeReason}`}
          </span>
        </span>
        <span className="t3 small cut">
          {change.tableName === 'Tasks' ? actorWords(change) : tableWord(change.tableName)}
        </span>
        <span className="t3">
          <Clock at={change.changedAt} precision="seconds" />
        </span>
      </a>
    </li>
  )
}
