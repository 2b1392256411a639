import { describe, expect, it } from 'vitest'
import { spread } from '../support/spread-waiting.ts'

/** In which order files of tests are run. */

const numbers = (count: number): string[] => Array.from({ length: count }, (_, index) => `${index}`)

describe('files that wait', () => {
  it('are spread among the others, the first at once and the last before their end', () => {
    const mixed = spread(['a', 'b', 'c'], numbers(10))
    expect(mixed).toEqual(['a', '0', '1', '2', 'b', '3', '4', '5', 'c', '6', '7', '8', '9'])
  })

  it('and the others are all run, however many there are of each', () => {
    for (const [waiting, others] of [
      [0, 3],
      [3, 0],
      [5, 2],
      [1, 1],
      [19, 203],
    ] as const) {
      const all = [...numbers(waiting).map((name) => `w${name}`), ...numbers(others)]
      expect(spread(all.slice(0, waiting), all.slice(waiting)).toSorted()).toEqual(all.toSorted())
    }
  })
})
