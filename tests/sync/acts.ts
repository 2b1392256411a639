import fc from 'fast-check'
import type { Act } from './world.ts'

/** Clocks of the four nodes, milliseconds ahead. */
export const SKEWS = [-10_000, 0, 5_000, 10_000]

const node = fc.nat({ max: SKEWS.length - 1 })
const some = fc.nat({ max: 20 })
const round = <Kind extends 'push' | 'pull'>(kind: Kind) =>
  fc.record({
    kind: fc.constant(kind),
    node,
    // Mostly nothing fails.
    failAt: fc.oneof(
      { weight: 2, arbitrary: fc.constant(null) },
      { weight: 1, arbitrary: fc.nat({ max: 4 }) },
    ),
    committed: fc.boolean(),
  })

/** What happens in a world, in its order. */
export const acts = (length: number): fc.Arbitrary<Act[]> =>
  fc.array(
    fc.oneof(
      { weight: 2, arbitrary: fc.record({ kind: fc.constant('create' as const), node, name: some }) },
      {
        weight: 5,
        arbitrary: fc.record({ kind: fc.constant('edit' as const), node, task: some, field: some }),
      },
      {
        weight: 1,
        arbitrary: fc.record({ kind: fc.constant('rename' as const), node, task: some, name: some }),
      },
      { weight: 1, arbitrary: fc.record({ kind: fc.constant('remove' as const), node, task: some }) },
      { weight: 3, arbitrary: round('push') },
      { weight: 4, arbitrary: round('pull') },
      {
        weight: 2,
        arbitrary: fc.record({ kind: fc.constant('editCentre' as const), task: some, field: some }),
      },
    ),
    { minLength: length / 2, maxLength: length },
  )
