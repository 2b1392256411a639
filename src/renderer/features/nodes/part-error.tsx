import type { StoreApi } from 'zustand'
import type { AppError } from '../../../shared/domain/errors.ts'
import type { NodeViewState } from './node-store.ts'

/** One part of the panel could not be read; the others stand. */
export function PartError({ error, store }: { error: AppError; store: StoreApi<NodeViewState> }) {
  return (
    <p className="t2 small" role="alert">
      It could not be read: {error.message}.{' '}
      <button type="button" className="link" onClick={() => void store.getState().load()}>
        Try again
      </button>
    </p>
  )
}
