import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { databases } from '../support/databases.ts'
import { acts, SKEWS } from './acts.ts'
import { createWorld } from './world.ts'

/** Each run opens a cluster database and four replicas. */
const RUNS = { file: 12, server: 3 } as const

describe.each(databases())('$name: edits without each other', ({ open, server }) => {
  it('end alike everywhere, and nothing is lost or replaced unsaid', { timeout: 600_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(acts(60), async (steps) => {
        const centre = await open()
        const world = await createWorld(centre, SKEWS)
        for (const step of steps) await world.act(step)
        await world.settle()
        expect(await world.violations()).toEqual([])
      }),
      { numRuns: server ? RUNS.server : RUNS.file, endOnFailure: true },
    )
  })
})
