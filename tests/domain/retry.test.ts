import { describe, expect, it } from 'vitest'
import { retryDelayMs } from '../../src/shared/domain/retry.ts'

const policy = { maxRetries: 3, retryDelay: 10, retryBackoff: 2 }

describe('retries', () => {
  it('grow by the backoff factor from the configured delay', () => {
    expect([1, 2, 3].map((attempt) => retryDelayMs(policy, attempt, 'Failed'))).toEqual([
      10_000, 20_000, 40_000,
    ])
  })
  it('end after the configured number', () => {
    expect(retryDelayMs(policy, 4, 'Failed')).toBeNull()
  })
  it.each(['Failed', 'Timeout', 'Lost'] as const)('follow %s', (state) => {
    expect(retryDelayMs(policy, 1, state)).not.toBeNull()
  })
  it.each(['Success', 'Stopped', 'Skipped'] as const)('do not follow %s', (state) => {
    expect(retryDelayMs(policy, 1, state)).toBeNull()
  })
  it('never wait longer than a year', () => {
    const steep = { maxRetries: 100, retryDelay: 86_400, retryBackoff: 10 }
    expect(retryDelayMs(steep, 100, 'Failed')).toBe(366 * 86_400_000)
  })
})
