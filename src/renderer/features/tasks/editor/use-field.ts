import { issueAt } from '../../../lib/app-error.ts'
import type { Draft, DraftField } from './draft.ts'
import { editorContext } from './store.ts'

/** A field of the draft: its value, whether it differs from what is saved, and what is wrong with it. */
export const useField = <F extends DraftField>(field: F) => {
  const value = editorContext.useState((state) => state.draft[field])
  const changed = editorContext.useState((state) => state.changed.includes(field))
  const error = editorContext.useState((state) =>
    state.touched === 'all' || state.touched.has(field) ? issueAt(state.issues, field) : undefined,
  )
  const { edit } = editorContext.useApi().getState()
  const set = (next: Draft[F]): void => edit({ [field]: next })
  return { id: `task-${field}`, value, changed, error, set }
}

/** For controls whose error stands in the line below them. */
export const marked = (error: string | undefined) => (error ? { 'aria-invalid': true, error: true } : {})
