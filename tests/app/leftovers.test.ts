import { describe, expect, it } from 'vitest'
import { survivorsByRun } from '../../src/main/app/end-leftovers.ts'

describe('processes of earlier runs that would not die', () => {
  it('are counted to the run whose mark they carry', () => {
    const processes = [
      { pid: 10, historyId: 'a' },
      { pid: 11, historyId: 'a' },
      { pid: 12, historyId: 'b' },
      { pid: 13, historyId: 'c' },
      { pid: 14, historyId: null },
    ]
    expect([...survivorsByRun([10, 11, 12, 14], processes)]).toEqual([
      ['a', [10, 11]],
      ['b', [12]],
    ])
  })
})
