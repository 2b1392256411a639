import { Button, TextInput } from '@mantine/core'
import { useEffect, useState, type ReactNode } from 'react'
import type { Cluster } from '../../shared/domain/cluster.ts'
import { things } from '../lib/format.ts'
import { dataOf } from '../lib/loadable.ts'
import { useRefusal } from '../lib/role.ts'
import { toastDone } from '../lib/toast.ts'
import { useAct } from '../lib/use-act.ts'
import { useKeys } from '../lib/use-keys.ts'
import { Dialog } from '../ui/dialog.tsx'
import { Keys } from '../ui/text.tsx'
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

function StopDialog({ onClose }: { onClose: () => void }) {
  const cluster = dataOf(clusterContext.useState((state) => state.cluster))
  const { stop, load } = clusterContext.useApi().getState()
  const [reason, setReason] = useState('')
  const stopping = useAct('The cluster was not stopped')
  useEffect(() => void load(), [load])
  const act = (): void =>
    stopping.start(async () => {
      const { stopping: ending, cancelled } = await stop(reason.trim() || null)
      toastDone(`Stopped: ${things(ending, 'run')} ending, ${cancelled} cancelled`)
      onClose()
    })
  useKeys({ 'Ctrl+Enter': stopping.busy ? undefined : act })
  return (
    <Dialog title="Stop everything?" onClose={onClose}>
      <ul className="dialog-points">
        <li>
          <b>Everything that runs is ended.</b>{' '}
          {cluster ? counts(cluster) : 'How much that is could not be read.'}
        </li>
        <li>
          <b>Nothing starts</b>, by schedule or by hand, on any node, until somebody resumes.
        </li>
        <li>
          What was due meanwhile is then made up or skipped, as each task says. Nodes that are away learn of
          it when they are back.
        </li>
      </ul>
      <TextInput
        label="Reason"
        placeholder="everybody sees it"
        value={reason}
        maxLength={1000}
        data-autofocus
        onChange={(event) => setReason(event.currentTarget.value)}
      />
      <div className="row dialog-acts">
        <Button onClick={onClose}>Cancel</Button>
        <span className="grow" />
        <Button
          variant="filled"
          className="danger"
          loading={stopping.busy}
          rightSection={<Keys of="Ctrl Enter" />}
          aria-keyshortcuts="Control+Enter"
          onClick={act}
        >
          Stop everything
        </Button>
      </div>
    </Dialog>
  )
}
