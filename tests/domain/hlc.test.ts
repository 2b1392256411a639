import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  clampHybrid,
  hybridText,
  nextHybrid,
  parseHybrid,
  type HybridTime,
} from '../../src/shared/domain/hlc.ts'

const NOW = Date.parse('2026-11-24T14:00:00.000Z')

describe('hybrid times', () => {
  it('are texts in the order of edits, whatever the clock does', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -20_000, max: 20_000 }), { maxLength: 200 }), (offsets) => {
        let last: HybridTime | null = null
        const texts = offsets.map((offset) => hybridText((last = nextHybrid(last, NOW + offset, 'node-1'))))
        expect([...texts].sort()).toEqual(texts)
        expect(new Set(texts).size).toBe(texts.length)
      }),
    )
  })

  it('go on in the next millisecond when one has no counters left', () => {
    const full = { ms: NOW, counter: 9_999, nodeId: 'n' }
    expect(nextHybrid(full, NOW, 'n')).toEqual({ ms: NOW + 1, counter: 0, nodeId: 'n' })
  })

  it('are read as they were written', () => {
    const time = { ms: NOW, counter: 3, nodeId: '01900000-0000-7000-8000-000000000001' }
    expect(parseHybrid(hybridText(time))).toEqual(time)
    expect(parseHybrid('yesterday')).toBeUndefined()
  })

  it('are at most a minute ahead of the cluster', () => {
    const at = (ms: number): string => hybridText({ ms, counter: 1, nodeId: 'n' })
    expect(clampHybrid(at(NOW + 30_000), NOW)).toBe(at(NOW + 30_000))
    expect(clampHybrid(at(NOW + 3_600_000), NOW)).toBe(at(NOW + 60_000))
  })
})
