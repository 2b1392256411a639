import { describe, expect, it } from 'vitest'
import { DatabaseFailure } from '../../src/main/data/errors.ts'
import { findRun, runOutput } from '../../src/main/data/repos/runs.ts'
import { memoryLog } from '../../src/main/platform/log.ts'
import { declareLost } from '../../src/main/services/engine/lost.ts'
import { MAX_ERROR, storingOutput, withLeftOut } from '../../src/main/services/engine/oversize.ts'
import { createEventBus } from '../../src/main/services/events.ts'
import { databases } from '../support/databases.ts'
import { openEngineDatabase } from '../support/engine-database.ts'
import { queue } from '../support/queued.ts'

const OUTPUT = { gzip: Buffer.from('x'), bytes: 1 }

describe('an output too large for the server', () => {
  it('is left out, with the reason', async () => {
    const tried: (Uint8Array | null)[] = []
    const said = await storingOutput(OUTPUT, (output, leftOut) => {
      tried.push(output)
      return output
        ? Promise.reject(new DatabaseFailure('oversize', 'the database x takes no value so large', null))
        : Promise.resolve(leftOut)
    })
    expect(tried).toEqual([OUTPUT.gzip, null])
    expect(said).toBe('the output could not be stored: the database x takes no value so large')
  })

  it('is not what another failure means, nor one without an output', async () => {
    const fails = (kind: 'away' | 'oversize') => () => Promise.reject(new DatabaseFailure(kind, kind, null))
    await expect(storingOutput(OUTPUT, fails('away'))).rejects.toThrow('away')
    await expect(storingOutput(null, fails('oversize'))).rejects.toThrow('oversize')
  })

  it('keeps its sentence whole where an error is long', () => {
    const error = withLeftOut('e'.repeat(MAX_ERROR), 'left out')
    expect(error).toHaveLength(MAX_ERROR)
    expect(error).toMatch(/e · left out$/)
    expect(withLeftOut(null, 'left out')).toBe('left out')
    expect(withLeftOut('as it was', null)).toBe('as it was')
  })
})

describe.each(databases())('$name: an output too large for the server', ({ open, server }) => {
  it.runIf(server?.type === 'MySQL')('does not keep a run from being Lost', async () => {
    const engine = await openEngineDatabase(open)
    const historyId = await queue(engine, await engine.task({}), '2026-03-02T11:00:00.000Z')
    const [claimed] = await engine.claim()
    if (!claimed) throw new Error('nothing was claimed')
    const { db, clock } = engine
    const loss = { run: claimed.run, reason: 'the node ended', stillLost: () => true }
    const output = { gzip: Buffer.alloc(40 * 1024 * 1024, 'x'), bytes: 50_000_000 }
    const deps = { db, log: memoryLog(), events: createEventBus(clock) }
    expect(await declareLost(deps, { ...loss, output })).toBe(true)
    const run = await findRun(db.read, historyId)
    expect(run).toMatchObject({ state: 'Lost', outputBytes: 50_000_000 })
    expect(run?.error).toMatch(
      /^the node ended · the output could not be stored: .* raise max_allowed_packet/,
    )
    expect(await runOutput(db.read, historyId)).toBeNull()
  })
})
