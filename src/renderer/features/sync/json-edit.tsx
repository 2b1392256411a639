import { Textarea } from '@mantine/core'
import type { PartProps } from './conflict-detail.tsx'
import { hasSecret, readJson } from './draft.ts'

/** The whole result as one JSON object; what neither side has can be written. */
export function JsonEdit({ conflict, draft, onDraft }: PartProps) {
  const read = readJson(conflict, draft)
  const secret = conflict.fields.filter(hasSecret).map(({ field }) => field)
  return (
    <div className="cf-json">
      <Textarea
        aria-label="Result as JSON"
        className="mono-input"
        autosize
        minRows={6}
        value={draft.json ?? ''}
        error={'problem' in read ? read.problem : undefined}
        onChange={(event) => onDraft({ ...draft, json: event.currentTarget.value })}
      />
      {secret.length > 0 && (
        <p className="t3 small">
          {secret.join(', ')} hold{secret.length === 1 && 's'} secrets, which are not shown: choose a side for{' '}
          {secret.length === 1 ? 'it' : 'them'} among the fields.
        </p>
      )}
    </div>
  )
}
