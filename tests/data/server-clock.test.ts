import { describe, expect, it } from 'vitest'
import { createServerClock } from '../../src/main/data/server/server-clock.ts'
import type { Clock } from '../../src/main/platform/clock.ts'

const MINUTE = 60_000

/** A machine and a server whose clocks go as a test says; each question takes 10 ms of both. */
const scene = async () => {
  const time = { wall: 1_000_000, monotonic: 500, server: 5_000_000 }
  let asked = 0
  let answers = true
  const pass = (ms: number): void => {
    time.wall += ms
    time.monotonic += ms
    time.server += ms
  }
  const clock: Clock = { now: () => time.wall, monotonic: () => time.monotonic, sleep: async () => {} }
  const ask = async (): Promise<number> => {
    asked += 1
    if (!answers) throw new Error('the server is away')
    pass(5)
    const at = time.server
    pass(5)
    return at
  }
  const server = await createServerClock(ask, clock)
  return { time, pass, server, asked: () => asked, answer: (does: boolean) => void (answers = does) }
}

describe('the server’s time', () => {
  it('goes on by the monotonic clock, without a question', async () => {
    const { time, pass, server, asked } = await scene()
    const before = asked()
    pass(30_000)
    expect(await server.now()).toBe(time.server)
    expect(server.offsetMs()).toBe(4_000_000)
    expect(asked()).toBe(before)
  })

  it.each([10 * MINUTE, -10 * MINUTE])(
    'stays the server’s when this machine’s clock is set by %i ms',
    async (by) => {
      const { time, server, asked } = await scene()
      const before = asked()
      time.wall += by
      expect(await server.now()).toBe(time.server)
      expect(asked()).toBeGreaterThan(before)
      expect(server.offsetMs()).toBe(4_000_000 - by)
    },
  )

  it('is asked for anew after this machine slept while its monotonic clock stood still', async () => {
    const { time, server } = await scene()
    time.wall += 8 * 60 * MINUTE
    time.server += 8 * 60 * MINUTE
    expect(await server.now()).toBe(time.server)
  })

  it('is not guessed while the server does not answer after that', async () => {
    const { time, server, answer } = await scene()
    time.wall += 10 * MINUTE
    answer(false)
    await expect(server.now()).rejects.toThrow('the server is away')
    answer(true)
    expect(await server.now()).toBe(time.server)
  })

  it('is measured again now and then, behind what goes on', async () => {
    const { time, pass, server, asked } = await scene()
    const before = asked()
    pass(2 * MINUTE)
    // The server's own clock was put right a little.
    time.server += 40
    const drifted = await server.now()
    expect(Math.abs(drifted - time.server)).toBeLessThanOrEqual(100)
    await new Promise((resolve) => setImmediate(resolve))
    expect(asked()).toBeGreaterThan(before)
    expect(await server.now()).toBe(time.server)
  })
})
