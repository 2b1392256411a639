import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { diffImages, sameJson } from '../../src/shared/domain/diff.ts'

describe('differences of images', () => {
  it('name only the fields that changed, with both values', () => {
    expect(diffImages({ a: 1, b: 'x', c: null }, { a: 1, b: 'y', c: [1] })).toEqual([
      { field: 'b', old: 'x', new: 'y' },
      { field: 'c', old: null, new: [1] },
    ])
  })
  it('show a created record as all its values, a deleted one as their loss', () => {
    expect(diffImages(null, { a: 1, b: null })).toEqual([{ field: 'a', old: null, new: 1 }])
    expect(diffImages({ a: 1 }, null)).toEqual([{ field: 'a', old: 1, new: null }])
  })
  it('take a field that one image lacks as null', () => {
    expect(diffImages({ a: 1 }, { a: 1, added: 'v' })).toEqual([{ field: 'added', old: null, new: 'v' }])
  })
  it('do not depend on the order of keys inside a value', () => {
    expect(sameJson({ a: 1, b: { c: [1, 2] } }, { b: { c: [1, 2] }, a: 1 })).toBe(true)
    expect(sameJson([1, 2], [2, 1])).toBe(false)
    expect(sameJson({ 0: 1 }, [1])).toBe(false)
  })
  it('are empty exactly when the images say the same', () => {
    const image = fc.dictionary(fc.constantFrom('a', 'b', 'c'), fc.jsonValue())
    fc.assert(
      fc.property(image, image, (before, after) => {
        const same = JSON.stringify(diffImages(before as never, after as never)) === '[]'
        const padded = (one: Record<string, unknown>) => ['a', 'b', 'c'].map((key) => one[key] ?? null)
        expect(same).toBe(sameJson(padded(before), padded(after)))
      }),
    )
  })
})
