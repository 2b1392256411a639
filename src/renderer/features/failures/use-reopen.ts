import type { Failure } from '../../../shared/domain/failure.ts'
import { things } from '../../lib/format.ts'
import { toastDone, toastError } from '../../lib/toast.ts'
import { failuresContext } from './store.ts'

/** Takes acknowledgements back, and says so. */
export const useReopen = () => {
  const { reopen } = failuresContext.useApi().getState()
  return (failures: readonly Failure[]): void => {
    const [only, ...others] = failures
    if (!only) return
    const what = others.length === 0 ? only.taskName : things(failures.length, 'failure')
    reopen(failures.map(({ failureId }) => failureId)).then(
      () => toastDone(`${what} ${others.length === 0 ? 'is' : 'are'} open again`),
      (thrown: unknown) => toastError(`${what} stays acknowledged`, thrown),
    )
  }
}
