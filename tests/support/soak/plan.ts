import type { FaultKind } from '../checker/facts.ts'
import { randomOf } from './random.ts'

/** What happens to whom and when: the same for the same seed. */
export interface PlannedFault {
  kind: FaultKind
  /** Null: the database, or all nodes. */
  node: string | null
  /** Since the beginning, milliseconds. */
  at: number
  lasts: number
  /** Of a clock that is moved. */
  offsetMs: number
}

const NODE_FAULTS = [
  ...(['kill -9', 'power loss', 'cut', 'half-open', 'node suspended', 'machine suspended'] as const),
  ...(['supervisor killed', 'supervisor suspended', 'clock moved', 'graceful stop', 'drain'] as const),
] as const

/** One after the other on each node, on several at once by chance; some longer than a lease, some shorter. */
export const planFaults = (options: {
  seed: number
  nodes: readonly string[]
  lengthMs: number
  leaseMs: number
  /** Whether the server may be ended too. */
  database: boolean
}): PlannedFault[] => {
  const random = randomOf(options.seed)
  const faults: PlannedFault[] = []
  for (const node of options.nodes)
    for (let at = random.between(1_000, 8_000); at < options.lengthMs;) {
      const lasts = random.between(300, 2 * options.leaseMs)
      const offsetMs = random.between(-600_000, 600_000)
      faults.push({ kind: random.oneOf(NODE_FAULTS), node, at, lasts, offsetMs })
      at += lasts + random.between(3_000, 12_000)
    }
  const ofAll = (kind: FaultKind, first: [number, number], longest: number): void => {
    for (let at = random.between(...first); at < options.lengthMs; at += random.between(40_000, 90_000))
      faults.push({ kind, node: null, at, lasts: random.between(500, longest), offsetMs: 0 })
  }
  if (options.database) ofAll('database restart', [20_000, 40_000], 9_000)
  ofAll('emergency stop', [10_000, 25_000], 5_000)
  return faults.toSorted((one, other) => one.at - other.at)
}
