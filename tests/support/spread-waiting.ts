import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** Tests that mostly wait for nodes in processes of their own: for heartbeats, leases and slots. */
const WAITS = /[\\/]tests[\\/]cluster[\\/]/

/**
 * Files that wait are spread among those that compute, from the beginning: left to themselves they, being short
 * texts, would all come last, where nothing is left to do while they wait.
 */
export class SpreadWaiting extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    return spread(
      sorted.filter(({ moduleId }) => WAITS.test(moduleId)),
      sorted.filter(({ moduleId }) => !WAITS.test(moduleId)),
    )
  }
}

/** All of both, each in its order, the first evenly among the second. */
export const spread = <T>(some: readonly T[], others: readonly T[]): T[] => {
  // The last of the first comes well before the last of the second.
  const step = Math.max(1, Math.floor((others.length * 0.9) / Math.max(1, some.length)))
  const mixed = some.flatMap((one, index) => [one, ...others.slice(index * step, (index + 1) * step)])
  return [...mixed, ...others.slice(some.length * step)]
}
