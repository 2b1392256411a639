import type { Taker } from '../../../src/main/data/repos/taker.ts'

/** Ids and times of the golden files: the same at each run. */
const id = (last: string): string => `01900000-0000-7000-8000-${last.padStart(12, '0')}`

export const TASK = id('a1')
export const OTHER_TASK = id('a2')
export const SCHEDULE = id('b1')
export const OTHER_SCHEDULE = id('b2')
export const RUN = id('c1')
export const OTHER_RUN = id('c2')
export const NODE = id('d1')
export const INCARNATION = id('d2')
export const CHANGE = id('e1')
export const TRANSACTION = id('e2')

export const NOW = '2026-03-01T08:00:00.000Z'
export const LATER = '2026-03-01T08:00:30.000Z'

export const LOCK = id('f1')

/** A node of a cluster where others run other scripts. */
export const TAKER: Taker = {
  nodeId: NODE,
  nodeGroup: 'web',
  nodeRole: null,
  leftToOthers: [
    {
      type: 'powershell',
      extensions: ['.ps1'],
      reaches: [
        { sameGroup: true, sameRole: false },
        { sameGroup: false, sameRole: false },
      ],
    },
    { type: 'python', extensions: ['.py'], reaches: [{ sameGroup: true, sameRole: true }] },
  ],
  withoutKey: true,
}
