import { describe, expect, it } from 'vitest'
import { cursorAt, FIRST } from '../../src/renderer/ui/cursor.ts'

const at = (rows: string, cursor: Parameters<typeof cursorAt>[2]): number =>
  cursorAt([...rows], (row) => row, cursor)

describe('the cursor of a table', () => {
  it('goes with its row when the order changes', () => {
    expect(at('abc', { index: 1, key: 'b' })).toBe(1)
    expect(at('bac', { index: 1, key: 'b' })).toBe(0)
    expect(at('xxabc', { index: 0, key: 'c' })).toBe(4)
  })

  it('stays in its place when the row is gone, at most at the last one', () => {
    expect(at('acd', { index: 1, key: 'b' })).toBe(1)
    expect(at('a', { index: 3, key: 'b' })).toBe(0)
    expect(at('', { index: 3, key: 'b' })).toBe(-1)
  })

  it('is at the first row, whichever that is, until somebody moves it', () => {
    expect(at('abc', FIRST)).toBe(0)
    expect(at('', FIRST)).toBe(-1)
  })
})
