import type { AppError } from '../../shared/domain/errors.ts'
import { toAppError } from './app-error.ts'

/** What a screen knows of something it asked for. Old data stays `ready` while newer is on its way. */
export type Loadable<T> =
  { status: 'idle' | 'loading' } | { status: 'ready'; data: T } | { status: 'failed'; error: AppError }

export const idle = { status: 'idle' } as const
export const loading = { status: 'loading' } as const

/** The data, or null while there is none. */
export const dataOf = <T>(loadable: Loadable<T>): T | null =>
  loadable.status === 'ready' ? loadable.data : null

/** What to show while asking (again): old data stays, everything else waits. */
export const waiting = <T>(previous: Loadable<T>): Loadable<T> =>
  previous.status === 'ready' ? previous : loading

/**
 * Waits for `work`. When the node cannot be reached, old data is kept: the banner says so, and an empty
 * screen would tell less. Any other failure replaces it.
 */
export const settle = async <T>(previous: Loadable<T>, work: Promise<T>): Promise<Loadable<T>> => {
  try {
    return { status: 'ready', data: await work }
  } catch (thrown) {
    const error = toAppError(thrown)
    const keep = previous.status === 'ready' && error.code === 'UNAVAILABLE'
    return keep ? previous : { status: 'failed', error }
  }
}
