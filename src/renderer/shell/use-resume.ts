import { toastDone } from '../lib/toast.ts'
import { useAct } from '../lib/use-act.ts'
import { clusterContext } from './cluster-store.ts'

/** Ends an emergency stop. */
export const useResume = (): { busy: boolean; resume: () => void } => {
  const { resume } = clusterContext.useApi().getState()
  const resuming = useAct('The cluster was not resumed')
  const act = async (): Promise<void> => {
    await resume()
    toastDone('The cluster works again')
  }
  return { busy: resuming.busy, resume: () => resuming.start(act) }
}
