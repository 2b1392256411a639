import { join, sep } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ownArguments } from '../../src/main/desktop/arguments.ts'
import { menuTemplate } from '../../src/main/desktop/menu.ts'
import { fileOf, isOwn, mayOpenOutside } from '../../src/main/desktop/page-address.ts'
import { trayState } from '../../src/main/desktop/tray-state.ts'
import { fitToScreens, type WindowState } from '../../src/main/desktop/window-state.ts'
import type { SystemInfo } from '../../src/shared/domain/system.ts'

const scheduler: SystemInfo['scheduler'] = {
  lastTick: null,
  lastError: null,
  running: 2,
  queued: 1,
  capacity: 10,
  draining: false,
}
const info = (part: Partial<SystemInfo['scheduler']>): SystemInfo =>
  ({ nodeName: 'desk', scheduler: { ...scheduler, ...part } }) as SystemInfo

describe('the tray', () => {
  it('says how much runs and offers to pause', () => {
    expect(trayState(info({}), false)).toEqual({
      shape: 'working',
      text: 'desk: 2 of 10 slots in use, 1 run waiting',
      pause: { label: 'Pause this node', drain: true },
    })
  })

  it('offers to resume a paused node', () => {
    expect(trayState(info({ draining: true }), false)).toMatchObject({
      shape: 'paused',
      pause: { label: 'Resume this node', drain: false },
    })
  })

  it('says why the scheduler fails', () => {
    const state = trayState(info({ lastError: 'the disk is full' }), false)
    expect(state).toMatchObject({ shape: 'failing' })
    expect(state.text).toContain('the disk is full')
  })

  it('counts the scripts that a stopping node waits for, and offers nothing any more', () => {
    expect(trayState(info({ running: 1 }), true)).toEqual({
      shape: 'stopping',
      text: 'desk is stopping: 1 script still runs',
      pause: null,
    })
  })

  it('says that the node starts until it has answered', () => {
    expect(trayState(null, false)).toMatchObject({ shape: 'stopping', text: 'PSWebHost Cluster is starting' })
  })
})

describe('arguments of the desktop', () => {
  const app = join(sep, 'opt', 'app')

  it('are those after the app folder, without the switches of the runtime', () => {
    const argv = [
      'electron',
      '--inspect=0',
      '--remote-debugging-port=0',
      '--no-sandbox',
      app,
      '--data',
      'd',
      '--lang=de',
    ]
    expect(ownArguments(argv, app)).toEqual(['--data', 'd'])
  })

  it('start at once in an installed program', () => {
    expect(ownArguments(['pswebhost', '--port', '0', '--ozone-platform-hint=auto'], null)).toEqual([
      '--port',
      '0',
    ])
  })
})

describe('addresses of the page', () => {
  const folder = join(sep, 'opt', 'page')

  it('name files below its folder only', () => {
    expect(fileOf('app://ui/', folder)).toBe(join(folder, 'index.html'))
    expect(fileOf('app://ui/assets/a.js', folder)).toBe(join(folder, 'assets', 'a.js'))
    expect(fileOf('app://ui/..%2f..%2fetc%2fpasswd', folder)).toBeNull()
    expect(fileOf('app://ui/..%5c..%5csecret.key', folder)).not.toBe(join(sep, 'opt', 'secret.key'))
    expect(fileOf('app://elsewhere/index.html', folder)).toBeNull()
  })

  it('are of its scheme and host', () => {
    expect(isOwn('app://ui/index.html#/tasks')).toBe(true)
    expect(isOwn('app://ui.example/index.html')).toBe(false)
    expect(isOwn('https://ui/index.html')).toBe(false)
  })

  it('lead outside to this node and nowhere else', () => {
    const node = 'http://127.0.0.1:7780'
    expect(mayOpenOutside(`${node}/api/docs`, node)).toBe(true)
    expect(mayOpenOutside('http://127.0.0.1:7781/', node)).toBe(false)
    expect(mayOpenOutside('https://example.com/', node)).toBe(false)
    expect(mayOpenOutside('file:///etc/passwd', node)).toBe(false)
    expect(mayOpenOutside(`${node}/`, null)).toBe(false)
  })
})

describe('the place of the window', () => {
  const screens = [{ x: 0, y: 0, width: 1920, height: 1080 }]
  const state = (part: Partial<WindowState>): WindowState => ({
    ...{ width: 1280, height: 800, maximized: false, toldOfTray: false },
    ...part,
  })

  it('is kept while it can be reached', () => {
    expect(fitToScreens(state({ x: 100, y: 50 }), screens)).toEqual({
      x: 100,
      y: 50,
      width: 1280,
      height: 800,
    })
  })

  it('is left to the system when its screen is gone', () => {
    expect(fitToScreens(state({ x: 2500, y: 50 }), screens)).toEqual({ width: 1280, height: 800 })
  })

  it('shrinks to the largest screen', () => {
    expect(fitToScreens(state({ width: 3000, height: 2000 }), screens)).toEqual({ width: 1920, height: 1080 })
  })
})

describe('the menu', () => {
  const nothing = (): void => undefined
  const deps = { onView: nothing, onDataFolder: nothing, onQuit: nothing, onOutside: nothing }
  const labels = (platform: NodeJS.Platform) =>
    menuTemplate(deps, platform).map((one) => one.label ?? one.role)

  it('has the menus of the platform', () => {
    expect(labels('linux')).toEqual(['File', 'editMenu', 'View', 'windowMenu', 'help'])
    expect(labels('darwin')[0]).toBe('appMenu')
  })

  it('leads to each view', () => {
    const paths: string[] = []
    const view = menuTemplate({ ...deps, onView: (path) => paths.push(path) }, 'linux')[2]
    const entries = Array.isArray(view?.submenu) ? view.submenu : []
    for (const entry of entries)
      if (entry.accelerator) entry.click?.(...([] as unknown as Parameters<NonNullable<typeof entry.click>>))
    expect(paths).toEqual(['overview', 'tasks', 'history', 'changes', 'runtime', 'settings'])
  })
})
