import { Radio } from '@mantine/core'
import type { Side } from '../../../shared/domain/merge.ts'
import { FieldValue } from '../../ui/field-value.tsx'
import type { PartProps } from './conflict-detail.tsx'
import { allOf } from './draft.ts'

interface Way {
  of: Side
  label: string
  means: string
}

/** What each side means where one edited what the other deleted. */
const WAYS: Record<'DeletedHere' | 'DeletedThere', readonly Way[]> = {
  DeletedHere: [
    { of: 'theirs', label: 'Keep it', means: 'Theirs: the record stays as others edited it.' },
    {
      of: 'mine',
      label: 'Delete it after all',
      means: 'Mine: it is deleted now, as a new change that can be taken back. Its history is kept.',
    },
  ],
  DeletedThere: [
    { of: 'mine', label: 'Keep it', means: 'Mine: the record stays, with what was edited offline.' },
    {
      of: 'theirs',
      label: 'Delete it again',
      means: 'Theirs: it is deleted once more, as a new change that can be taken back. Its history is kept.',
    },
  ],
}

/** Edited by one, deleted by the other: it is there or it is not, there is nothing between. */
export function DeletionChoice({ conflict, draft, onDraft }: PartProps) {
  const { kind, fields } = conflict
  if (kind !== 'DeletedHere' && kind !== 'DeletedThere') return null
  const edited = kind === 'DeletedHere' ? 'theirs' : 'mine'
  const [first] = fields
  const chosen = first ? draft.picks[first.field]?.of : edited
  return (
    <div className="cf-ways">
      <Radio.Group
        aria-label="What becomes of the record"
        value={chosen ?? null}
        onChange={(side) => onDraft(allOf(conflict, side === 'mine' ? 'mine' : 'theirs'))}
      >
        {WAYS[kind].map(({ of, label, means }) => (
          <Radio key={of} value={of} label={label} description={means} />
        ))}
      </Radio.Group>
      <table className="fields cf-fields">
        <thead>
          <tr>
            <th scope="col">Edited field</th>
            <th scope="col">Before</th>
            <th scope="col">After the edit</th>
          </tr>
        </thead>
        <tbody>
          {fields.map((one) => (
            <tr key={one.field}>
              <th scope="row" className="mono">
                {one.field}
              </th>
              <td className="t2">
                <FieldValue field={one.field} value={one.base} />
              </td>
              <td>
                <FieldValue field={one.field} value={one[edited]} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
