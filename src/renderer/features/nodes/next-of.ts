import type { NodeTask } from '../../../shared/domain/node.ts'

/** The `most` tasks that are due first, soonest first; disabled ones and those without a time are not due. */
export const nextOf = (tasks: readonly NodeTask[], most: number): NodeTask[] =>
  tasks
    .filter(({ enabled, nextRun }) => enabled && nextRun !== null)
    .toSorted((a, b) => (a.nextRun ?? '').localeCompare(b.nextRun ?? ''))
    .slice(0, most)
