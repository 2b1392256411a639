import { describe, expect, it } from 'vitest'
import { watchState, type Watched } from '../../src/main/desktop/watch-state.ts'
import { AppError } from '../../src/shared/domain/errors.ts'
import type { SystemInfo } from '../../src/shared/domain/system.ts'
import { eventually } from '../support/eventually.ts'

const info = { nodeName: 'desk' } as SystemInfo

/** An event every few milliseconds, until the watcher is done. */
async function* ticking(signal: AbortSignal) {
  while (!signal.aborted) {
    yield { type: 'missed' as const, at: '2026-11-30T12:00:00.000Z' }
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

const watch = (read: Watched['system']['info'], signal: AbortSignal, seen: SystemInfo[]) =>
  watchState({ system: { info: read }, events: { subscribe: ticking } }, { signal, refreshMs: 1 }, (now) =>
    seen.push(now),
  )

describe('the state that the tray shows', () => {
  it('is read again when a node that was gone answers', async () => {
    const done = new AbortController()
    const seen: SystemInfo[] = []
    let asked = 0
    const read: Watched['system']['info'] = () => {
      asked += 1
      return asked <= 2
        ? Promise.reject(new AppError('UNAVAILABLE', 'The node is stopping.'))
        : Promise.resolve(info)
    }
    const watching = watch(read, done.signal, seen)
    await eventually(() => seen.length > 0)
    done.abort()
    await watching
    expect(seen[0]).toEqual(info)
  })
})
