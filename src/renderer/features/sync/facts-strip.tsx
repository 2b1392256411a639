import type { ReactNode } from 'react'
import type { SyncStatus } from '../../../shared/domain/sync.ts'
import { count, duration, things } from '../../lib/format.ts'
import { dataOf } from '../../lib/loadable.ts'
import { useNow } from '../../lib/use-now.ts'
import { useStore } from 'zustand'
import { replicasOf } from './standing.ts'
import { conflictsContext } from './store.ts'
import { decidedLately } from './words.ts'

/** The answer in one line: are the replicas up to date, does anything wait, does anybody have to decide. */
export function FactsStrip({ status }: { status: SyncStatus }) {
  const { newestSeq, sealedTo, commitToReplicaMs } = status
  return (
    <dl className="sync-facts">
      <UpToDate status={status} />
      <Fact label="Commit to replica">
        {commitToReplicaMs === null ? (
          <span>nothing came within the last hour</span>
        ) : (
          <>
            <Latency ms={commitToReplicaMs} /> <span>p95, last hour</span>
          </>
        )}
      </Fact>
      <ToSend status={status} />
      <Conflicts status={status} />
      <Fact label="Log">
        {newestSeq === null ? (
          <span>not known now</span>
        ) : (
          <>
            <b>{count(newestSeq)}</b>{' '}
            <span>
              {newestSeq === 1 ? 'change' : 'changes'},{' '}
              {sealedTo === null ? 'not sealed yet' : `sealed to ${count(sealedTo)}`}
            </span>
          </>
        )}
      </Fact>
    </dl>
  )
}

const Fact = ({ label, children }: { label: string; children: ReactNode }) => (
  <div>
    <dt className="label">{label}</dt>
    <dd className="cut">{children}</dd>
  </div>
)

const Latency = ({ ms }: { ms: number }) =>
  ms < 1000 ? (
    <>
      <b>{Math.round(ms)}</b> <span>ms</span>
    </>
  ) : (
    <b>{duration(ms / 1000)}</b>
  )

function UpToDate({ status }: { status: SyncStatus }) {
  const nodes = conflictsContext.useState((state) => state.nodes)
  const replicas = replicasOf(status, nodes)
  const current = replicas.filter(({ standing }) => standing.kind === 'current').length
  return (
    <Fact label="Up to date">
      {status.newestSeq === null ? (
        <span>not known now</span>
      ) : (
        <>
          <b>{current}</b> <span>of {things(replicas.length, 'node')}</span>
        </>
      )}
    </Fact>
  )
}

function ToSend({ status: { nodes } }: { status: SyncStatus }) {
  const edits = nodes.reduce((sum, { pending }) => sum + pending, 0)
  const on = nodes.filter(({ pending }) => pending > 0)
  const [only] = on
  return (
    <Fact label="Waiting to be sent">
      {only === undefined ? (
        <span>no edit</span>
      ) : (
        <>
          <b>{count(edits)}</b>{' '}
          <span>
            {edits === 1 ? 'edit' : 'edits'} on {on.length === 1 ? only.nodeName : `${on.length} nodes`}
          </span>
        </>
      )}
    </Fact>
  )
}

function Conflicts({ status: { openConflicts } }: { status: SyncStatus }) {
  const decided = conflictsContext.useState((state) => state.decided)
  const list = dataOf(useStore(decided, (state) => state.list))
  const now = useNow('wall')
  const lately = decidedLately(list?.items ?? [], (list?.nextCursor ?? null) !== null, now)
  return (
    <Fact label="Conflicts">
      {openConflicts === null ? (
        <span>not known now</span>
      ) : (
        <>
          <b className={openConflicts > 0 ? 'warn' : ''}>{count(openConflicts)}</b>{' '}
          <span>
            to decide, {lately.count}
            {lately.more && '+'} by rule today
          </span>
        </>
      )}
    </Fact>
  )
}
