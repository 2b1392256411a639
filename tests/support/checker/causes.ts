import type { CheckedRun, CheckedTask, Facts, Fault, FaultKind, Span } from './facts.ts'

/** Why a script may be alive though its run is declared Lost. */

/**
 * What keeps a node from renewing leases while its scripts go on, by the name it has in the report. A server that
 * restarts is a partition from every node; a node that hangs alone is no partition, and is named for itself.
 */
const HELD_OFF: Partial<Record<FaultKind, string>> = {
  cut: 'partition (cut)',
  'half-open': 'partition (half-open)',
  'database restart': 'partition (database restart)',
  'machine suspended': 'machine suspended',
  'node suspended': 'node suspended',
}

/** What ends the scripts of a node, and within how long; a stop gives them `shutdownGraceSeconds` of its own. */
const ENDS_SCRIPTS: Partial<Record<FaultKind, number>> = {
  'kill -9': 2_500,
  'power loss': 2_500,
  'supervisor killed': 2_500,
  'graceful stop': 5_000,
}

/** A script whose machine stood still goes on when that goes on, until somebody looks: so long at most. */
const KILLED_AFTER_RESUME_MS = 2_500

/** Nodes know the database's time as well as this. */
const CLOCK_MS = 250

/** A run whose script was started. */
export interface Ran {
  task: CheckedTask
  run: CheckedRun
  span: Span
}

/**
 * The name of the fault by which a run may be alive though it is Lost; undefined: none, or it had to be dead.
 * @param at when another one began, which had to wait for the end of the lease.
 */
export const causeOf = (
  { task, run, span }: Ran,
  { faults, leaseMs }: Facts,
  at = Infinity,
): string | undefined => {
  const leaseEnd = leaseEndOf(run)
  if (leaseEnd === undefined || at + CLOCK_MS < leaseEnd) return undefined
  const own = faults.filter(({ node }) => node === null || node === span.node)
  if (own.some((fault) => outlived(span, fault))) return undefined
  // The last one before the lease ended: what came before it was over.
  const [last] = own
    .filter(({ kind, from }) => (kind in HELD_OFF || kind in ENDS_SCRIPTS) && from < leaseEnd)
    .toSorted((one, other) => other.from - one.from)
  // Over before the last renewal, it kept nobody from another one.
  if (!last || last.to <= leaseEnd - leaseMs) return undefined
  const isKilled = last.kind === 'machine suspended' && span.seenAt <= last.to + KILLED_AFTER_RESUME_MS
  return task.onLeaseLost === 'Finish' || isKilled ? HELD_OFF[last.kind] : undefined
}

/** Of a run that another node declared Lost, as its history says; those of the node's own next start are dead. */
const leaseEndOf = ({ state, error }: CheckedRun): number | undefined => {
  const told = state === 'Lost' ? /the lease, which ended at (\S+Z)/.exec(error ?? '')?.[1] : undefined
  return told === undefined ? undefined : Date.parse(told)
}

/** Whether the script lived on though the fault had to end it. */
const outlived = (span: Span, { kind, from }: Fault): boolean => {
  const within = ENDS_SCRIPTS[kind]
  return within !== undefined && span.startedAt < from && from + within < span.seenAt
}
