import { duration } from '../lib/format.ts'
import { useTicking } from '../lib/use-now.ts'
import { replicaOf, syncContext } from './sync-store.ts'

/** In the foot of a list, while this node answers from its replica: how old what is shown is. */
export function ReplicaAge() {
  const asOf = syncContext.useState(({ status }) => replicaOf(status)?.asOf ?? null)
  return asOf !== null && <Age asOf={Date.parse(asOf)} />
}

function Age({ asOf }: { asOf: number }) {
  const age = useTicking((now) => duration(Math.max(0, Math.round((now - asOf) / 1000))), 'wall')
  return (
    <>
      <span className="grow" />
      <span className="num">{`Replica, ${age} old`}</span>
    </>
  )
}
