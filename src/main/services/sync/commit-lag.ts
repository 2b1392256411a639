/** How long changes took from commit to this replica, as people judge it: the slow ones of the last hour. */
export interface CommitLag {
  /** @param changedAt ISO times of changes that were applied at `nowMs`, the cluster database's clock. */
  add(changedAt: readonly string[], nowMs: number): void
  /** In milliseconds; null: nothing came within the last hour. */
  p95(nowMs: number): number | null
}

const HOUR_MS = 3_600_000
/** Enough for a p95; of a storm the last ones count. */
const KEPT = 1_000

interface Sample {
  at: number
  lagMs: number
}

export const createCommitLag = (): CommitLag => {
  let samples: Sample[] = []
  return {
    add: (changedAt, nowMs) => {
      const added = changedAt
        .slice(-KEPT)
        .map((at) => ({ at: nowMs, lagMs: Math.max(0, nowMs - Date.parse(at)) }))
      samples = [...samples, ...added].slice(-KEPT)
    },
    p95: (nowMs) => {
      samples = samples.filter(({ at }) => nowMs - at < HOUR_MS)
      const sorted = samples.map(({ lagMs }) => lagMs).sort((a, b) => a - b)
      // Nearest rank.
      return sorted[Math.ceil(sorted.length * 0.95) - 1] ?? null
    },
  }
}
