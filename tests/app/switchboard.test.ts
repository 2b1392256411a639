import { describe, expect, it } from 'vitest'
import { createSwitchboard } from '../../src/main/app/switchboard.ts'
import { systemClock } from '../../src/main/platform/clock.ts'
import { systemCaller } from '../../src/main/services/caller.ts'
import { createEventBus } from '../../src/main/services/events.ts'
import { createMemoryNode } from '../support/memory-services.ts'

const REASON = 'The node is stopping.'
const UNAVAILABLE = { code: 'UNAVAILABLE', message: REASON }

const switchboard = () =>
  createSwitchboard({ events: createEventBus(systemClock), clock: systemClock, reason: REASON })

describe('the services of a node that is not there', () => {
  it('refuse a promised answer by its promise, so that it is caught where the promise is', async () => {
    const { services } = switchboard()
    await expect(
      services.system.info(systemCaller).then(
        () => null,
        (error: unknown) => error,
      ),
    ).resolves.toMatchObject(UNAVAILABLE)
  })

  it('refuse what is answered at once at once', () => {
    const { services } = switchboard()
    expect(() => services.system.health()).toThrow(REASON)
    expect(() => services.runtime.jobs()).toThrow(REASON)
  })

  it('refuse writes alone while those are refused', async () => {
    const { services, connect, refuseWrites } = switchboard()
    connect(createMemoryNode().services)
    refuseWrites(REASON)
    await expect(services.nodes.retire(systemCaller, 'some node')).rejects.toMatchObject(UNAVAILABLE)
    expect(await services.system.info(systemCaller)).toHaveProperty('nodeName')
  })
})
