import type { ClusterNode, NodeState } from '../../../shared/domain/node.ts'
import type { NodeStateRow } from '../../data/repos/node-states.ts'
import type { NodeRow } from '../../data/repos/nodes.ts'

/** A row of Nodes, with what its node says of itself, as callers see it. */

export interface NodeFacts {
  row: NodeRow
  /** Undefined while nobody wrote one. */
  state: NodeStateRow | undefined
  running: number
  isThisNode: boolean
}

export interface StateContext {
  now: string
  /** A heartbeat older than this makes a node Away, milliseconds. */
  awayAfterMs: number
}

interface StateInWords {
  state: NodeState
  stateReason: string | null
  stateSince: string | null
}

/** One far ahead is no sign of life either: it is of before the cluster's clock was set back. */
export const isAway = ({ lastHeartbeat }: Pick<NodeRow, 'lastHeartbeat'>, context: StateContext): boolean =>
  lastHeartbeat === null ||
  Math.abs(Date.parse(context.now) - Date.parse(lastHeartbeat)) > context.awayAfterMs

/** Retired, Away, Draining or Active, in this order: a node that drains and falls silent is Away. */
export const stateInWords = (
  row: NodeRow,
  state: NodeStateRow | undefined,
  context: StateContext,
): StateInWords => {
  if (!row.isActive)
    return {
      state: 'Retired',
      stateReason: because('retired', state?.retiredBy, state?.retiredReason),
      stateSince: state?.retiredAt ?? null,
    }
  if (isAway(row, context))
    return { state: 'Away', stateReason: awayReason(row, context), stateSince: row.lastHeartbeat }
  if (row.isDraining)
    return {
      state: 'Draining',
      stateReason: drainingWords(state?.drainingBy, state?.drainingReason),
      stateSince: state?.drainingSince ?? null,
    }
  return { state: 'Active', stateReason: null, stateSince: state?.startedAt ?? null }
}

const because = (what: string, by: string | null | undefined, reason: string | null | undefined): string =>
  `${what}${by ? `, by ${by}` : ''}${reason ? ` (${reason})` : ''}`

/** `draining by m.keller: kernel update (it …)`: who wants it and why comes before what it means. */
const drainingWords = (by: string | null | undefined, reason: string | null | undefined): string => {
  const meaning = 'it finishes what runs and claims nothing'
  return `draining${by ? ` by ${by}` : ''}: ${reason ? `${reason} (${meaning})` : meaning}`
}

const awayReason = ({ lastHeartbeat }: NodeRow, { now }: StateContext): string => {
  if (lastHeartbeat === null) return 'it has not been heard of yet'
  return Date.parse(lastHeartbeat) > Date.parse(now)
    ? 'no heartbeat since the clock of the database was set back'
    : 'no heartbeat: the node has stopped, hangs, or cannot reach the database'
}

export const toNode = (
  { row, state, running, isThisNode }: NodeFacts,
  context: StateContext,
): ClusterNode => {
  const { incarnation: _incarnation, ...shown } = row
  return {
    ...shown,
    ...stateInWords(row, state, context),
    running,
    isThisNode,
    startedAt: state?.startedAt ?? null,
    addresses: state?.addresses ?? (row.ipAddress ? [row.ipAddress] : []),
    clockOffset: state?.clockOffset ?? null,
    missingScripts: state?.missingScripts ?? [],
    // Whoever announces its key announces its public key with it.
    holdsKey: state?.publicKey ? state.keyId !== null : null,
    isolation: state?.isolation ?? [],
  }
}
