import { useEffect, useState, type ReactNode } from 'react'
import type { Cluster } from '../../shared/domain/cluster.ts'
import { things } from '../lib/format.ts'
import { dataOf } from '../lib/loadable.ts'
import { useRefusal } from '../lib/role.ts'
import { toastDone } from '../lib/toast.ts'
import { DangerDialog } from '../ui/danger-dialog.tsx'
import { clusterContext } from './cluster-store.ts'

/** Gives a button the dialog that it opens; `why` says why it cannot: the role, or that it is stopped. */
export function EmergencyStop({
  children,
}: {
  children: (ask: () => void, why: string | null) => ReactNode
}) {
  const [asking, setAsking] = useState(false)
  const refusal = useRefusal('operator')
  const held = clusterContext.useState((state) => dataOf(state.cluster)?.hold)
  return (
    <>
      {children(() => setAsking(true), refusal ?? (held ? 'The cluster is stopped already.' : null))}
      {asking && <StopDialog onClose={() => setAsking(false)} />}
    </>
  )
}

/** `4 runs on 3 nodes` of what is going to end. */
const counts = ({ running, queued, nodes }: Cluster): string => {
  const present = nodes.active + nodes.draining
  return (
    `${things(running, 'run')} that ${running === 1 ? 'goes' : 'go'} on will be ended with all processes, ` +
    `${things(queued, 'waiting run')} cancelled, on ${things(present, 'node')}.`
  )
}

/** What stopping everything means, a reason, and the button that does it. */
export function StopDialog({ onClose }: { onClose: () => void }) {
  const cluster = dataOf(clusterContext.useState((state) => state.cluster))
  const { stop, load } = clusterContext.useApi().getState()
  useEffect(() => void load(), [load])
  const act = async (reason: string): Promise<void> => {
    const { stopping, cancelled } = await stop(reason || null)
    toastDone(`Stopped: ${things(stopping, 'run')} ending, ${cancelled} cancelled`)
  }
  return (
    <DangerDialog
      title="Stop everything?"
      reasonHint="everybody sees it"
      label="Stop everything"
      failed="The cluster was not stopped"
      act={act}
      onClose={onClose}
    >
      <li>
        <b>Everything that runs is ended.</b>{' '}
        {cluster ? counts(cluster) : 'How much that is could not be read.'}
      </li>
      <li>
        <b>Nothing starts</b>, by schedule or by hand, on any node, until somebody resumes.
      </li>
      <li>
        What was due meanwhile is then made up or skipped, as each task says. Nodes that are away learn of it
        when they are back.
      </li>
    </DangerDialog>
  )
}
