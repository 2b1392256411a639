import { AlertIcon } from '@primer/octicons-react'
import type { Conflict } from '../../../shared/domain/sync.ts'
import { href } from '../../lib/router.ts'
import { FieldValue } from '../../ui/field-value.tsx'
import { changedSince } from './draft.ts'

/** The record is not what the conflict left: what is decided now would overwrite that. */
export function ChangedSince({ conflict }: { conflict: Conflict }) {
  const { recordId, tableName, current } = conflict
  const fields = changedSince(conflict)
  if (current !== null && fields.length === 0) return null
  return (
    <div className="cf-since" role="status">
      <AlertIcon size={14} fill="var(--timeout)" aria-hidden />
      <div>
        {current === null ? (
          <b>The record is gone.</b>
        ) : (
          <>
            <b>The record was changed since.</b> A result that is saved now overwrites that:{' '}
            {fields.map(({ field, now }) => (
              <span key={field} className="cf-now">
                <span className="mono">{field}</span> is <FieldValue field={field} value={now} />
              </span>
            ))}
          </>
        )}{' '}
        <a className="link" href={href(['changes'], { record: recordId, table: tableName })}>
          Its changes
        </a>
      </div>
    </div>
  )
}
