import { CloudOfflineIcon } from '@primer/octicons-react'
import { isFile } from '../../shared/domain/database.ts'
import type { SystemInfo } from '../../shared/domain/system.ts'
import { dataOf } from '../lib/loadable.ts'
import { href, useRoute, useRouter } from '../lib/router.ts'
import { useKeys } from '../lib/use-keys.ts'
import { Shape } from '../ui/state.tsx'
import { Relative } from '../ui/time.tsx'
import { clusterContext } from './cluster-store.ts'
import { useConnection } from './connection.ts'
import { failureCountsContext } from './failure-store.ts'
import { replicaOf, syncContext } from './sync-store.ts'
import { awayOf, systemContext } from './system-store.ts'
import { views } from './view-list.ts'

/** The views that exist, and the node that answers. Their numbers are the keys that go there. */
export function Side() {
  const { path } = useRoute()
  const router = useRouter()
  const info = dataOf(systemContext.useState((state) => state.info))
  const go = (view: string) => () => router.go(href([view]))
  useKeys(Object.fromEntries(views.map(({ digit, path: view }) => [digit, go(view)])))
  return (
    <aside className="side" aria-label="Views and node">
      <div className="cluster">
        <span className="cluster-mark" aria-hidden>
          {(info?.nodeName ?? 'P').slice(0, 1).toUpperCase()}
        </span>
        <span className="cluster-name">
          <span className="cut">{info?.nodeName ?? 'PSWebHost Cluster'}</span>
          <small>{info ? databaseText(info) : 'connecting'}</small>
        </span>
      </div>
      <nav aria-label="Views">
        {views.map(({ name, path: view, Icon, digit }) => (
          <a
            key={view}
            href={href([view])}
            className={view === path[0] ? 'here' : ''}
            aria-current={view === path[0] ? 'page' : undefined}
            aria-keyshortcuts={digit}
          >
            <Icon size={16} aria-hidden />
            <span>{name}</span>
            {view === 'failures' && <ToAcknowledge />}
            {view === 'nodes' && <Away />}
            {view === 'sync' && <ToDecide />}
            <kbd className="nav-key" aria-hidden>
              {digit}
            </kbd>
          </a>
        ))}
      </nav>
      <span className="grow" />
      <Self />
    </aside>
  )
}

/** Somebody should look: nodes that should be there and are not. */
function Away() {
  const away = clusterContext.useState((state) => dataOf(state.cluster)?.nodes.away ?? 0)
  return away > 0 ? <span className="nav-badge num">{away} away</span> : null
}

/** Nobody has said that it was seen; red while some of it goes on. */
function ToAcknowledge() {
  const counts = failureCountsContext.useState((state) => dataOf(state.counts))
  if (!counts || counts.open === 0) return null
  return <span className={counts.failing > 0 ? 'nav-badge num' : 'nav-badge calm num'}>{counts.open}</span>
}

/** A rule decided nothing here: somebody has to. */
function ToDecide() {
  const open = syncContext.useState((state) => dataOf(state.status)?.openConflicts ?? 0)
  return open > 0 ? <span className="nav-badge calm num">{open} to decide</span> : null
}

/** A file is on the node's own machine; where a server is, Settings tell. */
const databaseText = ({ databaseType }: SystemInfo): string =>
  isFile(databaseType) ? 'SQLite, this machine' : databaseType

function Self() {
  const unreachable = useConnection().state === 'away'
  const database = systemContext.useState(({ info }) => awayOf(info))
  const replica = syncContext.useState(({ status }) => replicaOf(status))
  const away = unreachable || database !== null
  const info = dataOf(systemContext.useState((state) => state.info))
  if (!info) return null
  const { lastTick, lastError, running, capacity, draining } = info.scheduler
  return (
    <div className="self">
      <div className="self-line">
        {away ? (
          <CloudOfflineIcon size={14} fill="var(--timeout)" aria-hidden />
        ) : (
          <Shape of={draining ? 'Draining' : 'Active'} alone />
        )}
        <b className="cut">{info.nodeName}</b>
        <span className="grow" />
        <span className="t3">{`${running}/${capacity} slots`}</span>
      </div>
      <div className="self-line t3 num">
        {replica && !unreachable ? (
          'Reading the replica'
        ) : lastTick ? (
          <span>
            Scheduler tick <Relative at={lastTick} />
          </span>
        ) : (
          'Scheduler has not ticked yet'
        )}
      </div>
      {lastError && <div className="self-line bad">Last tick failed: {lastError}</div>}
    </div>
  )
}
