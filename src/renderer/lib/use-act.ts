import { useState } from 'react'
import { toastError } from './toast.ts'

/** Runs one act at a time: `busy` while it goes on, a toast with the reason when it is refused. */
export const useAct = (what: string): { busy: boolean; start: (work: () => Promise<unknown>) => void } => {
  const [busy, setBusy] = useState(false)
  const start = (work: () => Promise<unknown>): void => {
    if (busy) return
    setBusy(true)
    work()
      .catch((thrown: unknown) => toastError(what, thrown))
      .finally(() => setBusy(false))
  }
  return { busy, start }
}
