import { describe, expect, it } from 'vitest'
import { watchState, type Watched } from '../../src/main/desktop/watch-state.ts'
import { AppError } from '../../src/shared/domain/errors.ts'
import type { SystemInfo } from '../../src/shared/domain/system.ts'
import { eventually } from '../support/eventually.ts'

const info = { nodeName: 'desk' } as SystemInfo

/** An event every few milliseconds, until the watcher is done. */
async function* ticking(signal?: AbortSignal) {
  while (!signal?.aborted) {
    yield { type: 'missed' as const }
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

const watch = (read: Watched['system']['info'], signal: AbortSignal, seen: SystemInfo[]) =>
  watchState(
    { system: { info: read }, events: { subscribe: ticking } as unknown as Watched['events'] },
    { signal, refreshMs: 1 },
    (now) => seen.push(now),
  )

describe('the state that the tray shows', () => {
  it('is read again when a node that was gone answers, however it refused', async () => {
    const done = new AbortController()
    const seen: SystemInfo[] = []
    let asked = 0
    const read: Watched['system']['info'] = () => {
      asked += 1
      // As the switchboard does: no promise is made by a node that is not there.
      if (asked === 1) throw new AppError('UNAVAILABLE', 'The node is stopping.')
      return asked === 2 ? Promise.reject(new AppError('UNAVAILABLE', 'away')) : Promise.resolve(info)
    }
    const watching = watch(read, done.signal, seen)
    await eventually(() => seen.length > 0)
    done.abort()
    await watching
    expect(seen[0]).toEqual(info)
  })
})
