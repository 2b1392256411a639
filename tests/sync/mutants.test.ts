import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import type { MergeInput, Merged } from '../../src/shared/domain/merge.ts'
import { databases } from '../support/databases.ts'
import { acts, SKEWS } from './acts.ts'

/*
 * Whether the properties would notice: ways to sync that others have gone (replication.md §5), each put in place of
 * ours, must break one of them.
 */

type Parts = Record<string, unknown>

interface Mutant {
  title: string
  /** The module that is replaced in part, from `src`. */
  path: string
  replace: (actual: Parts) => Parts
  /** What the properties say of it. */
  caught: RegExp
  /** Of random acts that show it soon. */
  seed?: number
}

const MUTANTS: Mutant[] = [
  {
    title: 'that writes no conflict down',
    path: 'main/services/sync/note-conflict.ts',
    replace: () => ({ noteConflict: () => Promise.resolve() }),
    caught: /lost: |had not seen/,
  },
  {
    title: 'that takes an edit as often as it is delivered',
    path: 'main/data/repos/conflicts.ts',
    replace: () => ({
      findApplied: () => Promise.resolve(undefined),
      insertApplied: () => Promise.resolve(),
    }),
    caught: /delivered twice/,
  },
  {
    title: 'in which the last writer replaces the whole record',
    path: 'shared/domain/merge.ts',
    replace: (actual) => ({ mergeRecord: asTheLastWriter(actual['mergeRecord'] as Merge) }),
    caught: /had not seen/,
  },
  {
    title: 'that trusts the version of the base instead of the base',
    path: 'shared/domain/merge.ts',
    replace: (actual) => ({ mergeRecord: byVersion(actual['mergeRecord'] as Merge) }),
    caught: /had not seen/,
    seed: 1,
  },
  {
    title: 'that leaves in the replica what it had edited',
    path: 'main/data/replica/settle.ts',
    replace: () => ({
      settleTask: ({ replica, done }: { replica: Replica; done: (tx: unknown) => Promise<void> }) =>
        replica.write({ actor: 'system', applies: true }, done),
    }),
    caught: /differs from the cluster database/,
    seed: 2,
  },
  {
    title: 'that stores its place in the log before it applies what led there',
    path: 'main/data/replica/apply.ts',
    replace: (actual) => ({ applyChanges: losingEveryThirdPage(actual['applyChanges'] as Apply) }),
    caught: /differs from the cluster database/,
  },
]

type Merge = (input: MergeInput) => Merged
type Apply = (...args: unknown[]) => Promise<void>
interface Replica {
  write: (context: object, work: (tx: unknown) => Promise<void>) => Promise<void>
}

/** Nobody looks at what was there: an edit is its record. */
const asTheLastWriter =
  (merge: Merge): Merge =>
  (input) =>
    input.mine && input.theirs ? { ...merge({ ...input, base: input.theirs }), conflict: null } : merge(input)

/** Equal numbers, hence equal records: but two sides count alike. */
const byVersion =
  (merge: Merge): Merge =>
  (input) => {
    const [base, theirs] = [input.base, input.theirs]
    return merge(base && theirs && base['version'] === theirs['version'] ? { ...input, base: theirs } : input)
  }

/** The place is kept, the crash comes before the page. */
const losingEveryThirdPage = (apply: Apply): Apply => {
  let pages = 0
  return (...args) => ((pages += 1) % 3 === 0 ? Promise.resolve() : apply(...args))
}

const RUNS = 40

describe.each(databases().filter(({ name }) => name === 'SQLite'))('sync', ({ open }) => {
  it.each(MUTANTS)('$title is noticed', { timeout: 300_000 }, async ({ path, replace, caught, seed = 6 }) => {
    const module = `../../src/${path}`
    vi.resetModules()
    vi.doMock(module, async (importActual) => {
      const actual = await importActual<Parts>()
      return { ...actual, ...replace(actual) }
    })
    try {
      const { createWorld } = await import('./world.ts')
      const seen = new Set<string>()
      for (const steps of fc.sample(acts(60), { numRuns: RUNS, seed })) {
        const world = await createWorld(await open(), SKEWS)
        for (const step of steps) await world.act(step)
        await world.settle()
        for (const problem of await world.violations()) seen.add(problem)
        if ([...seen].some((problem) => caught.test(problem))) return
      }
      expect([...seen]).toEqual([expect.stringMatching(caught)])
    } finally {
      vi.doUnmock(module)
    }
  })
})
