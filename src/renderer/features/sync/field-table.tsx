import { Radio, Textarea } from '@mantine/core'
import { useId } from 'react'
import type { ConflictField, SyncStatus } from '../../../shared/domain/sync.ts'
import { FieldValue } from '../../ui/field-value.tsx'
import type { PartProps } from './conflict-detail.tsx'
import { hasSecret, resultOf, startTyping, takeSide, togetherWith, typeField } from './draft.ts'
import { nodeNameOf } from './words.ts'

/** Field by field: before both edits, both sides with a choice between them, and what that makes. */
export function FieldTable({ status, ...part }: PartProps & { status: SyncStatus }) {
  const { conflict } = part
  return (
    <table className="fields cf-fields">
      <thead>
        <tr>
          <th scope="col">Field</th>
          <th scope="col">Base</th>
          <th scope="col">
            Mine · <b>{conflict.changedBy ?? 'somebody'}</b>, {nodeNameOf(status, conflict.nodeId)}
          </th>
          <th scope="col">
            Theirs · <b>{conflict.theirsBy ?? 'somebody'}</b>, cluster
          </th>
          <th scope="col">Result</th>
        </tr>
      </thead>
      <tbody>
        {conflict.fields.map((field) => (
          <FieldRow key={field.field} field={field} {...part} />
        ))}
      </tbody>
    </table>
  )
}

type FieldRowProps = PartProps & { field: ConflictField }

function FieldRow({ field: one, conflict, draft, onDraft }: FieldRowProps) {
  const { field } = one
  const group = useId()
  const others = togetherWith(conflict, field).filter((other) => other !== field)
  const pick = draft.picks[field]?.of
  const side = (of: 'mine' | 'theirs') => (
    <td className={pick === of ? 'cf-side taken' : 'cf-side'}>
      <div>
        <Radio
          name={group}
          aria-label={`${field}: ${of}`}
          checked={pick === of}
          onChange={() => onDraft(takeSide(conflict, draft, field, of))}
        />
        <div>
          <FieldValue field={field} value={one[of]} />
        </div>
      </div>
    </td>
  )
  return (
    <tr>
      <th scope="row" className="mono">
        {field}
        {hasSecret(one) && <div className="t3 small cf-with">holds secrets: takes a side</div>}
        {others.length > 0 && <div className="t3 small cf-with">together with {others.join(', ')}</div>}
      </th>
      <td className="t2">
        <FieldValue field={field} value={one.base} />
      </td>
      {side('mine')}
      {side('theirs')}
      <td>
        <Result field={one} draft={draft} onDraft={onDraft} />
      </td>
    </tr>
  )
}

/** The value that would be saved; typed where neither side is right. */
function Result({ field: one, draft, onDraft }: Omit<FieldRowProps, 'conflict'>) {
  const { field } = one
  const pick = draft.picks[field]
  const result = resultOf(one, draft)
  if (pick?.of === 'own')
    return (
      <Textarea
        aria-label={`${field}, as JSON`}
        className="mono-input"
        autosize
        minRows={1}
        maxRows={8}
        value={pick.text}
        error={'problem' in result ? result.problem : undefined}
        onChange={(event) => onDraft(typeField(draft, field, event.currentTarget.value))}
      />
    )
  return (
    <div className="cf-result">
      <b>
        <FieldValue field={field} value={'value' in result ? result.value : null} />
      </b>
      {!hasSecret(one) && (
        <button
          type="button"
          className="link small"
          aria-label={`Edit ${field}`}
          onClick={() => onDraft(startTyping(draft, one))}
        >
          edit
        </button>
      )}
    </div>
  )
}
