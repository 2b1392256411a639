import { describe, expect, it } from 'vitest'
import type { ClusterEvent } from '../../src/shared/domain/events.ts'
import { systemClock } from '../../src/main/platform/clock.ts'
import { announceChanges, createEventBus } from '../../src/main/services/events.ts'

const next = async (reader: AsyncGenerator<ClusterEvent, void, undefined>) => (await reader.next()).value

describe('the event bus', () => {
  it('greets each reader first and then tells every one of them what happens', async () => {
    const bus = createEventBus(systemClock)
    const readers = [1, 2].map(() => bus.subscribe(new AbortController().signal))
    for (const reader of readers) expect(await next(reader)).toMatchObject({ type: 'hello' })
    bus.emit({ type: 'run.queued', id: 'r1', taskId: 't1', state: 'Queued' })
    for (const reader of readers)
      expect(await next(reader)).toMatchObject({ type: 'run.queued', id: 'r1', taskId: 't1' })
  })

  it('tells a slow reader that it missed some instead of keeping a backlog', async () => {
    const bus = createEventBus(systemClock)
    const reader = bus.subscribe(new AbortController().signal)
    await next(reader)
    for (let i = 0; i < 100_000; i += 1) bus.emit({ type: 'run.output', id: `r${i}` })
    const seen: ClusterEvent[] = []
    for (let event = await next(reader); event; event = await next(reader)) {
      seen.push(event)
      if (event.id === 'r99999') break
    }
    expect(seen[0]).toMatchObject({ type: 'missed' })
    expect(seen.length).toBeLessThanOrEqual(501)
    expect(seen.filter((event) => event.type === 'missed')).toHaveLength(1)
  })

  it('ends with the signal of its reader, also while it waits', async () => {
    const bus = createEventBus(systemClock)
    const gone = new AbortController()
    const reader = bus.subscribe(gone.signal)
    await next(reader)
    const waiting = reader.next()
    gone.abort()
    expect((await waiting).done).toBe(true)
  })

  it('tells what other nodes did apart from what this one did', () => {
    const bus = createEventBus(systemClock)
    const heard: string[] = []
    bus.listen((event, origin) => heard.push(`${event.type} ${origin}`))
    announceChanges(bus)
    bus.emit({ type: 'run.finished', id: 'r1', state: 'Success' })
    bus.relay({ type: 'task.changed', id: 't1' })
    expect(heard).toEqual(['run.finished here', 'task.changed elsewhere', 'change.recorded elsewhere'])
  })

  it('calls listeners until they leave', () => {
    const bus = createEventBus(systemClock)
    const heard: string[] = []
    const leave = bus.listen((event) => heard.push(event.type))
    bus.emit({ type: 'tick' })
    leave()
    bus.emit({ type: 'tick' })
    expect(heard).toEqual(['tick'])
  })
})
