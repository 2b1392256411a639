import { Button } from '@mantine/core'
import { StopIcon } from '@primer/octicons-react'
import type { Hold } from '../../shared/domain/cluster.ts'
import { clock, duration } from '../lib/format.ts'
import { dataOf } from '../lib/loadable.ts'
import { useRefusal } from '../lib/role.ts'
import { useTicking } from '../lib/use-now.ts'
import { clusterContext } from './cluster-store.ts'
import { useResume } from './use-resume.ts'

/** On every page while the cluster is held: who did it, since when, why, and the way back. */
export function HoldBanner() {
  const hold = clusterContext.useState((state) => dataOf(state.cluster)?.hold)
  return hold ? <Held hold={hold} /> : null
}

function Held({ hold: { heldAt, heldBy, reason } }: { hold: Hold }) {
  const { busy, resume } = useResume()
  const refusal = useRefusal('operator')
  const since = new Date(heldAt)
  const when = useTicking((now) => clock(since, new Date(now), 'seconds'), 'wall')
  const elapsed = useTicking(
    (now) => duration(Math.max(0, Math.round((now - since.getTime()) / 1000))),
    'wall',
  )
  return (
    <section className="banner held" aria-label="Emergency stop">
      <StopIcon size={16} aria-hidden />
      <b role="status">Emergency stop since {when}</b>
      <span className="num">{elapsed}</span>
      <span className="t2 cut" title={reason ?? undefined}>
        {heldBy && `by ${heldBy}`}
        {reason && `: ${reason}`}
      </span>
      <span className="grow" />
      <span className="t2 banner-still">Nothing starts on any node.</span>
      <Button loading={busy} disabled={refusal !== null} title={refusal ?? undefined} onClick={resume}>
        Resume
      </Button>
    </section>
  )
}
