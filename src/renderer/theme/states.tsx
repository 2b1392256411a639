import type { ReactNode } from 'react'
import type { ChangeAction } from '../../shared/domain/change.ts'
import type { NodeState } from '../../shared/domain/node.ts'
import type { RunState } from '../../shared/domain/run.ts'

/**
 * One row per state: a silhouette no other state has, a word, a colour. The only place that draws them;
 * a task that never ran has a state of its own here.
 */
export interface Look {
  word: string
  color: string
  shape: ReactNode
  /** Somebody should act on it: the word takes the colour too. */
  loud?: boolean
}

const cut = { stroke: 'var(--bg)', strokeWidth: 1.7, fill: 'none', strokeLinecap: 'round' } as const
const line = {
  stroke: 'currentColor',
  strokeWidth: 1.8,
  fill: 'none',
  strokeLinecap: 'round',
  strokeLinejoin: 'round',
} as const
const full = { fill: 'currentColor' }
const hollow = { fill: 'none', stroke: 'currentColor', strokeWidth: 1.4 }
const dashed = { ...hollow, strokeDasharray: '2 2' }

export const runStates: Record<RunState | 'Never', Look> = {
  Success: { word: 'Success', color: 'var(--success)', shape: <path d="M3 8.6l3.4 3.4L13 4.6" {...line} /> },
  Failed: {
    word: 'Failed',
    color: 'var(--failed)',
    loud: true,
    shape: (
      <>
        <path d="M5 1h6l4 4v6l-4 4H5l-4-4V5z" fill="currentColor" />
        <path d="M5.6 5.6l4.8 4.8M10.4 5.6l-4.8 4.8" {...cut} />
      </>
    ),
  },
  Timeout: {
    word: 'Timed out',
    color: 'var(--timeout)',
    loud: true,
    shape: (
      <>
        <circle cx="8" cy="8" r="7" fill="currentColor" />
        <path d="M8 4.2V8l2.6 2" {...cut} />
      </>
    ),
  },
  Lost: {
    word: 'Lost',
    color: 'var(--lost)',
    loud: true,
    shape: (
      <>
        <path d="M8 .4L15.6 8 8 15.6.4 8z" fill="currentColor" />
        <path d="M6.3 6.4a1.8 1.8 0 1 1 2.5 1.7c-.6.3-.8.6-.8 1.1M8 11.4v.1" {...cut} strokeWidth={1.5} />
      </>
    ),
  },
  Running: {
    word: 'Running',
    color: 'var(--running)',
    loud: true,
    shape: (
      <>
        <circle cx="8" cy="8" r="6.3" {...line} opacity={0.3} />
        <path className="turns" d="M8 1.7a6.3 6.3 0 0 1 6.3 6.3" {...line} />
        <path d="M6.5 5.3v5.4L11 8z" fill="currentColor" />
      </>
    ),
  },
  Queued: {
    word: 'Queued',
    color: 'var(--quiet)',
    shape: <circle cx="8" cy="8" r="6" {...line} strokeDasharray="2.6 2.2" strokeWidth={1.6} />,
  },
  Stopped: {
    word: 'Stopped',
    color: 'var(--quiet)',
    shape: <rect x="2.5" y="2.5" width="11" height="11" rx="1.5" fill="currentColor" />,
  },
  Skipped: {
    word: 'Skipped',
    color: 'var(--quiet)',
    shape: <path d="M3 4l4 4-4 4M8 4l4 4-4 4M14 4v8" {...line} strokeWidth={1.5} />,
  },
  Never: {
    word: 'Never run',
    color: 'var(--quiet)',
    shape: <path d="M4 8h8" {...line} strokeWidth={1.5} />,
  },
}

const bars = (top: object, bottom: object): ReactNode => (
  <>
    <rect x="1.5" y="2" width="13" height="5" rx="1.2" {...top} />
    <rect x="1.5" y="9" width="13" height="5" rx="1.2" {...bottom} />
  </>
)

export const nodeStates: Record<NodeState, Look> = {
  Active: { word: 'Active', color: 'var(--success)', shape: bars(full, full) },
  Away: {
    word: 'Away',
    color: 'var(--failed)',
    loud: true,
    shape: (
      <>
        {bars(hollow, hollow)}
        <path d="M2 15L14 1" stroke="var(--bg)" strokeWidth="4" />
        <path d="M2 15L14 1" {...line} />
      </>
    ),
  },
  Draining: { word: 'Draining', color: 'var(--timeout)', loud: true, shape: bars(hollow, full) },
  Retired: { word: 'Retired', color: 'var(--quiet)', shape: bars(dashed, dashed) },
}

const badge = (path: string): ReactNode => (
  <>
    <rect x="1" y="1" width="14" height="14" rx="3" {...hollow} />
    <path d={path} {...line} strokeWidth={1.6} />
  </>
)

export const changeActions: Record<ChangeAction, Look> = {
  INSERT: { word: 'Created', color: 'var(--success)', shape: badge('M8 5v6M5 8h6') },
  UPDATE: { word: 'Changed', color: 'var(--text-2)', shape: badge('M8 4.8l3.2 5.6H4.8z') },
  DELETE: { word: 'Deleted', color: 'var(--failed)', shape: badge('M5 8h6') },
}

/** An edit that waits on this node's replica. */
export const pending: Record<'Pending', Look> = {
  Pending: {
    word: 'Waits',
    color: 'var(--timeout)',
    loud: true,
    shape: (
      <>
        <rect x="1" y="1" width="14" height="14" rx="3" {...dashed} />
        <path d="M8 11.2V4.8M5.2 7.4L8 4.6l2.8 2.8" {...line} strokeWidth={1.6} />
      </>
    ),
  },
}

export type AnyState = RunState | 'Never' | NodeState | ChangeAction | 'Pending'

export const looks: Record<AnyState, Look> = { ...runStates, ...nodeStates, ...changeActions, ...pending }
