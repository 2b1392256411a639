import { describe, expect, it } from 'vitest'
import { verdictOf } from '../../scripts/bench/verdict.mjs'

const files = ['claim.bench.ts', 'list.bench.ts']
const row = (line: string, ok: boolean) => ({ bench: 'claim', line, ok })

describe('the benchmarks', () => {
  it('end well where all are within their budgets', () => {
    expect(verdictOf({ files, rows: [row('one', true)], failures: [] })).toEqual({
      lines: ['1 within budget, 0 over budget, 0 did not finish'],
      code: 0,
    })
  })

  it('fail where one is over its budget, and name it', () => {
    expect(verdictOf({ files, rows: [row('one', true), row('eight', false)], failures: [] })).toEqual({
      lines: ['over its budget: claim: eight', '1 within budget, 1 over budget, 0 did not finish'],
      code: 1,
    })
  })

  it('fail where one did not finish, or there is none', () => {
    expect(verdictOf({ files, rows: [], failures: ['list.bench.ts: ended with code 1'] })).toMatchObject({
      lines: [
        'did not finish: list.bench.ts: ended with code 1',
        '0 within budget, 0 over budget, 1 did not finish',
      ],
      code: 1,
    })
    expect(verdictOf({ files: [], rows: [], failures: [] }).code).toBe(1)
  })
})
