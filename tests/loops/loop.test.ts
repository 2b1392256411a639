import { describe, expect, it } from 'vitest'
import { every, startLoop, type LoopOptions } from '../../src/main/loops/loop.ts'
import { systemClock } from '../../src/main/platform/clock.ts'
import { eventually } from '../support/eventually.ts'

const options = (): Omit<LoopOptions, 'body'> & { end: () => void; warnings: string[] } => {
  const closing = new AbortController()
  const warnings: string[] = []
  return {
    name: 'duty',
    clock: systemClock,
    signal: closing.signal,
    log: { warn: (text) => warnings.push(text) },
    end: () => closing.abort(),
    warnings,
  }
}

describe('a loop', () => {
  it('never overlaps itself, however often it is woken', async () => {
    const given = options()
    let [inside, most, rounds] = [0, 0, 0]
    const loop = startLoop({
      ...given,
      body: async () => {
        inside += 1
        most = Math.max(most, inside)
        await systemClock.sleep(5)
        inside -= 1
        rounds += 1
        return 60_000
      },
    })
    for (let i = 0; i < 20; i += 1) {
      loop.wake()
      await systemClock.sleep(2)
    }
    given.end()
    await loop.ended
    expect(most).toBe(1)
    expect(rounds).toBeGreaterThan(3)
  })

  it('does not lose a wake that comes while it works', async () => {
    const given = options()
    let rounds = 0
    const loop = startLoop({
      ...given,
      body: async () => {
        rounds += 1
        if (rounds === 1) loop.wake()
        await systemClock.sleep(1)
        return 60_000
      },
    })
    await eventually(() => rounds === 2, 2_000)
    given.end()
    await loop.ended
  })

  it('goes on after failures, waits longer after each, and recovers', async () => {
    const given = options()
    const waits: number[] = []
    const clock = {
      ...systemClock,
      sleep: (ms: number) => {
        waits.push(ms)
        return Promise.resolve()
      },
    }
    let rounds = 0
    const loop = startLoop({
      ...given,
      clock,
      maxBackoffMs: 4_000,
      body: () => {
        rounds += 1
        if (rounds <= 8) return Promise.reject(new Error('database away'))
        if (rounds === 10) given.end()
        return Promise.resolve(7)
      },
    })
    await loop.ended
    expect(waits.at(0)).toBeLessThan(400)
    expect(Math.max(...waits)).toBeLessThanOrEqual(5_000)
    expect(waits[4]).toBeGreaterThan(waits[0] ?? 0)
    expect(waits.at(-1)).toBe(7)
    // Ever more rarely: what is away may be so for a night.
    expect(given.warnings).toEqual(
      [1, 2, 4, 8].map((count) => `duty failed (${count} in a row): database away`),
    )
  })

  it('ends by its signal, after the round that is going on', async () => {
    const given = options()
    let done = false
    const duty = every(
      60_000,
      async () => {
        await systemClock.sleep(30)
        done = true
      },
      given,
    )
    given.end()
    await duty.ended
    expect(done).toBe(true)
  })
})
