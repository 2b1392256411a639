import { describe, expect, it } from 'vitest'
import { DatabaseFailure } from '../../src/main/data/errors.ts'
import { MAX_ERROR, storingOutput, withLeftOut } from '../../src/main/services/engine/oversize.ts'

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
