import { describe, expect, it } from 'vitest'
import { createRouter, href, parseHash, type Browsing, type Router } from '../../src/renderer/lib/router.ts'

/** A browser's history as far as the router meets it: entries with a state, and an event at each move. */
const browser = () => {
  const entries: { hash: string; state: unknown }[] = [{ hash: '#/overview', state: null }]
  const listeners: (() => void)[] = []
  let at = 0
  const here = () => {
    const entry = entries[at]
    if (!entry) throw new Error('no entry')
    return entry
  }
  const arrive = (): void => listeners.forEach((listener) => listener())
  const put = (state: unknown, address: string | undefined): void => {
    entries[at] = { hash: address ?? here().hash, state }
  }
  const move = (by: number): void => {
    if (!entries[at + by]) return
    at += by
    arrive()
  }
  const window: Browsing = {
    location: {
      get hash() {
        return here().hash
      },
    },
    history: {
      get state() {
        return here().state
      },
      replaceState: (state: unknown, _: string, address?: string) => put(state, address),
      pushState: (state: unknown, _: string, address: string) => {
        entries.splice((at += 1))
        put(state, address)
      },
      go: move,
      back: () => move(-1),
      forward: () => move(1),
    },
    addEventListener: (_: string, listener: () => void) => listeners.push(listener),
  }
  /** What a click on a link does. */
  const follow = (hash: string): void => {
    entries.splice((at += 1))
    entries[at] = { hash, state: null }
    arrive()
  }
  return { window, follow, addresses: () => entries.map(({ hash }) => hash) }
}

const shown = (router: Router): string => href(router.current().path)

describe('an address', () => {
  it('is taken apart and put together the same', () => {
    const { path, params } = parseHash(href(['tasks', 'a/b ü'], { search: 'x y' }))
    expect([path, params.get('search')]).toEqual([['tasks', 'a/b ü'], 'x y'])
  })

  it('that is cut names no view, and throws nothing', () => {
    expect(parseHash('#/tasks/%E0%A4%A').path).toEqual(['tasks/%E0%A4%A'])
  })
})

describe('back and forward', () => {
  it('lead through the pages that were looked at, by link or by act', () => {
    const { window, follow } = browser()
    const router = createRouter(window)
    router.go('#/tasks')
    follow('#/nodes')
    expect(router.visit()).toEqual({ at: 2, last: 2 })
    router.back()
    expect([shown(router), router.visit()]).toEqual(['#/tasks', { at: 1, last: 2 }])
    router.forward()
    expect([shown(router), router.visit()]).toEqual(['#/nodes', { at: 2, last: 2 }])
  })

  it('forget the pages after one from which another way is taken', () => {
    const { window } = browser()
    const router = createRouter(window)
    router.go('#/tasks')
    router.go('#/nodes')
    router.back()
    router.go('#/changes')
    expect(router.visit()).toEqual({ at: 2, last: 2 })
    router.back()
    expect(shown(router)).toBe('#/tasks')
  })

  it('know after a reload that there are pages before', () => {
    const { window } = browser()
    createRouter(window).go('#/tasks')
    expect(createRouter(window).visit()).toEqual({ at: 1, last: 1 })
  })

  it('stay where something is not saved, and lose no page by it', () => {
    const { window, follow, addresses } = browser()
    const router = createRouter(window)
    router.go('#/tasks')
    router.go('#/tasks/1')
    const asked: string[] = []
    const release = router.guard((next) => asked.push(next) > 0)
    router.back()
    follow('#/nodes')
    expect(asked).toEqual(['#/tasks', '#/nodes'])
    expect([shown(router), window.location.hash]).toEqual(['#/tasks/1', '#/tasks/1'])
    release()
    router.back()
    expect(shown(router)).toBe('#/tasks')
    expect(addresses().slice(0, 3)).toEqual(['#/overview', '#/tasks', '#/tasks/1'])
  })
})

describe('the place of a list', () => {
  it('is found again by who comes back, and by nobody else', () => {
    const { window } = browser()
    const router = createRouter(window)
    router.go('#/history')
    router.drawn()
    const release = router.keepPlace('Runs', () => 1200)
    router.go('#/history/1')
    release()
    router.drawn()
    expect(router.placeOf('Runs')).toBeUndefined()
    router.back()
    expect(router.placeOf('Runs')).toBe(1200)
    router.go('#/tasks')
    router.go('#/history')
    expect(router.placeOf('Runs')).toBeUndefined()
  })
  it('is not taken for that of a page which was left before it was drawn', () => {
    const { window } = browser()
    const router = createRouter(window)
    const kept = { place: 700 }
    const visit = (address: string, place: number): void => {
      router.go(address)
      router.drawn()
      kept.place = place
    }
    router.keepPlace('Runs', () => kept.place)
    for (const [i, address] of ['#/history?state=Failed', '#/tasks', '#/history'].entries())
      visit(address, i * 100)
    router.back()
    router.back()
    expect(router.placeOf('Runs')).toBe(0)
    router.drawn()
    kept.place = 0
    router.forward()
    expect(router.placeOf('Runs')).toBe(100)
  })
})
