import { AlertIcon } from '@primer/octicons-react'
import { localTimes } from '../../lib/format.ts'
import { href } from '../../lib/router.ts'
import { Shape, State } from '../../ui/state.tsx'
import { Clock, Relative } from '../../ui/time.tsx'
import { nodeCounts } from './lanes.ts'
import type { ClusterPart } from './read-cluster.ts'

/** `3 active · 1 away`; nothing of a single node that is there. */
export function NodesSummary({ nodes }: Pick<ClusterPart, 'nodes'>) {
  const { active, away, draining } = nodeCounts(nodes)
  if (active + away + draining < 2) return null
  return (
    <a className="overview-nodes num" href={href(['nodes'])}>
      <span className="t3">nodes:</span>
      <span>
        <Shape of="Active" size={12} /> {active} active
      </span>
      {away > 0 && (
        <span className="bad">
          <Shape of="Away" size={12} /> {away} away
        </span>
      )}
      {draining > 0 && (
        <span className="warn">
          <Shape of="Draining" size={12} /> {draining} draining
        </span>
      )}
    </a>
  )
}

const SHOWN = 6

/** Nodes that are away, and tasks that nobody who is there may run. */
export function Waiting({ nodes, stuck }: Pick<ClusterPart, 'nodes' | 'stuck'>) {
  const away = nodes.filter(({ state }) => state === 'Away')
  if (away.length === 0 && stuck.length === 0) return null
  return (
    <section aria-label="Needs attention">
      <h2>Needs attention</h2>
      <ul className="overview-failing">
        {away.slice(0, SHOWN).map((node) => (
          <li key={node.nodeId}>
            <State of="Away" note={node.lastHeartbeat && <Relative at={node.lastHeartbeat} />} />
            <span className="overview-what">
              <a href={href(['nodes', node.nodeId])}>{node.nodeName}</a>{' '}
              <span className="t3">{node.nodeGroup ?? node.hostname}</span>
              <span className="overview-reason t2" title={node.stateReason ?? undefined}>
                {node.stateReason ?? 'Its heartbeat stopped; its runs are lost, its work waits or moves.'}
              </span>
            </span>
            <span className="t3 small">
              {node.lastHeartbeat && (
                <>
                  last heard <Clock at={node.lastHeartbeat} precision="seconds" />
                </>
              )}
            </span>
          </li>
        ))}
        {away.length > SHOWN && (
          <li>
            <a href={href(['nodes'])}>{away.length - SHOWN} more in Nodes</a>
          </li>
        )}
        {stuck.map(({ task, why }) => (
          <li key={task.taskId}>
            <span className="state warn">
              <AlertIcon size={13} aria-hidden /> Overdue
              <span className="t3 num note">{task.nextRun && <Relative at={task.nextRun} />}</span>
            </span>
            <span className="overview-what">
              <a href={href(['tasks', task.taskId])}>{task.taskName}</a>{' '}
              <span className="t3">{task.appName}</span>
              <span className="overview-reason t2" title={localTimes(why)}>
                No node that is there may run it: {localTimes(why)}
              </span>
            </span>
            <span className="t3 small">
              {task.nextRun && (
                <>
                  due <Clock at={task.nextRun} />
                </>
              )}
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}
