import { InlineDiff } from '../../../ui/inline-diff.tsx'
import { StaleActs } from '../../../ui/stale-acts.tsx'
import { Relative } from '../../../ui/time.tsx'
import { changedFields, draftOf, FIELD_LABELS, inputOf, type Draft, type DraftField } from './draft.ts'
import { editorContext } from './store.ts'

const shown = (draft: Draft, field: DraftField): string => {
  const value = inputOf(draft)[field]
  return typeof value === 'string'
    ? value
    : value === null || value === undefined
      ? '–'
      : JSON.stringify(value)
}

/** Somebody saved meanwhile: what they changed beside what you changed, and the two ways on. */
export function StaleSave() {
  const theirs = editorContext.useState((state) => state.theirs)
  const base = editorContext.useState((state) => state.base)
  const draft = editorContext.useState((state) => state.draft)
  const { takeTheirs, keepMine } = editorContext.useApi().getState()
  if (!theirs) return null
  const other = draftOf(theirs)
  const mine = new Set(changedFields(base, draft))
  const fields = [...new Set([...changedFields(base, other), ...mine])]
  return (
    <div className="stale" role="alert">
      <p>
        <b>Not saved: {theirs.modifiedBy ?? 'somebody'} changed this task</b>{' '}
        {theirs.modifiedAt && <Relative at={theirs.modifiedAt} />}, version {theirs.version}.
      </p>
      <table className="stale-fields">
        <thead>
          <tr>
            <th>Field</th>
            <th>Now saved</th>
            <th>Yours</th>
          </tr>
        </thead>
        <tbody>
          {fields.map((field) => (
            <tr key={field}>
              <td>{FIELD_LABELS[field]}</td>
              <td>
                {mine.has(field) ? (
                  <InlineDiff before={shown(other, field)} after={shown(draft, field)} side="old" />
                ) : (
                  <span className="diff mono">{shown(other, field)}</span>
                )}
              </td>
              <td>
                {mine.has(field) ? (
                  <InlineDiff before={shown(other, field)} after={shown(draft, field)} side="new" />
                ) : (
                  <span className="t3">not touched: theirs stays</span>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <StaleActs takeTheirs={takeTheirs} keepMine={keepMine} />
    </div>
  )
}
