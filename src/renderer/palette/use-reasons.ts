import { clock } from '../lib/format.ts'
import { useRefusal } from '../lib/role.ts'
import { useConnection } from '../shell/connection.ts'
import { replicaOf, syncContext } from '../shell/sync-store.ts'
import { awayOf, systemContext } from '../shell/system-store.ts'

/** Why something cannot be done now, by what it needs; null: it can. */
export interface Reasons {
  /** To start, stop or hold runs. */
  run: string | null
  /** To drain a node. */
  drain: string | null
  /** To write what the change log keeps. */
  edit: string | null
  /** To ask anything of the node. */
  node: string | null
}

/** The role, or what is away: the node, or its cluster database. Edits wait on a replica where there is one. */
export const useReasons = (): Reasons => {
  const operator = useRefusal('operator')
  const admin = useRefusal('admin')
  const isSilent = useConnection().state === 'away'
  const away = systemContext.useState(({ info }) => awayOf(info))
  const hasReplica = syncContext.useState(({ status }) => replicaOf(status) !== null)
  const node = isSilent ? 'The node does not answer.' : null
  const database = away
    ? `The cluster database is away since ${clock(new Date(away.since), new Date(), 'seconds')}.`
    : null
  const unwritable = node ?? (hasReplica ? null : database)
  return {
    node,
    run: operator ?? node ?? database,
    drain: operator ?? unwritable,
    edit: admin ?? unwritable,
  }
}
