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
    const isOne = others.length === 0
    const what = isOne ? only.taskName : things(failures.length, 'failure')
    let done = 0
    const ids = failures.map(({ failureId }) => failureId)
    reopen(ids, () => (done += 1)).then(
      () => toastDone(`${what} ${isOne ? 'is' : 'are'} open again`),
      (thrown: unknown) =>
        toastError(
          done === 0
            ? `${what} ${isOne ? 'stays' : 'stay'} acknowledged`
            : `${done} of ${what} are open again, the others stay acknowledged`,
          thrown,
        ),
    )
  }
}
