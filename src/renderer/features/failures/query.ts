import { FAILURE_VIEWS, type FailureView } from '../../../shared/domain/failure.ts'
import type { FailureQuery } from './store.ts'

/** The list's part of the address, both ways. */

const isView = (text: string | null): text is FailureView => FAILURE_VIEWS.some((view) => view === text)

export const queryOf = (params: URLSearchParams): FailureQuery => {
  const show = params.get('show')
  return { show: isView(show) ? show : 'open' }
}

export const VIEW_OPTIONS: readonly { value: FailureView; label: string }[] = [
  { value: 'open', label: 'To acknowledge' },
  { value: 'failing', label: 'Failing now' },
  { value: 'acknowledged', label: 'Acknowledged' },
  { value: 'all', label: 'All' },
]
