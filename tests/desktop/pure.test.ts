import { join, sep } from 'node:path'
import { describe, expect, it } from 'vitest'
import { productOf } from '../../scripts/dist/product.mjs'
import { programIn } from '../../src/main/app/program.ts'
import { linkArguments, ownArguments, splitLink } from '../../src/main/desktop/arguments.ts'
import { appIdOf, developmentNotice } from '../../src/main/desktop/development.ts'
import { menuTemplate } from '../../src/main/desktop/menu.ts'
import { fileOf, isOwn, mayOpenOutside, pathOf } from '../../src/main/desktop/page-address.ts'
import { trayState } from '../../src/main/desktop/tray-state.ts'
import { besides, fitToScreens, type WindowState } from '../../src/main/desktop/window-state.ts'
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

  it('may have a link at their end, which is none', () => {
    const link = 'pswebhost://task/1'
    expect(splitLink(['--data', 'd', link])).toEqual({ link, rest: ['--data', 'd'] })
    expect(splitLink(['--data', 'd', '--', link])).toEqual({ link, rest: ['--data', 'd'] })
    // Menus of Linux hand over as many as there are.
    expect(splitLink([link, 'pswebhost://task/2'])).toEqual({ link, rest: [] })
    expect(splitLink(['doctor'])).toEqual({ link: null, rest: ['doctor'] })
    // Not ours, but meant for us: it is refused in words, not taken for an option.
    expect(splitLink(['PSWEBHOST:x'])).toEqual({ link: 'PSWEBHOST:x', rest: [] })
  })

  it.each([
    [['pswebhost://x', '--config', '\\\\evil\\x.yaml']],
    [['--data', 'd', 'pswebhost://x', '--data=\\\\evil\\data']],
    [['--', 'pswebhost://x', '--', 'import', '\\\\evil\\tasks.json']],
    [['pswebhost://x', '']],
  ])('are refused when a link brings some along: %j', (args) => {
    expect(splitLink(args)).toEqual({
      problem: expect.stringContaining('Nothing may follow a link') as string,
    })
  })

  it('are given to the system as one text, in which a folder with spaces stays one', () => {
    expect(linkArguments('C:\\Users\\A B')).toEqual(['--data', '"C:\\Users\\A B"', '--'])
  })

  it('start at once in an installed program', () => {
    expect(ownArguments(['pswebhost', '--port', '0', '--ozone-platform-hint=auto'], null)).toEqual([
      '--port',
      '0',
    ])
  })
})

describe('the name that Windows knows the program by', () => {
  it.each(['official', 'fallback'] as const)('is that of its package, made from the %s runtime', (kind) => {
    const { title, bundleId } = productOf({ name: 'p', version: '1.2.3', description: '' }, kind)
    expect(appIdOf(title)).toBe(bundleId)
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

  it('name the view of a new window, and nothing of another origin does', () => {
    expect(pathOf('app://ui/index.html#/tasks/1?search=a')).toBe('tasks/1?search=a')
    expect(pathOf('app://ui/')).toBe('')
    expect(pathOf('https://example.com/#/tasks')).toBeNull()
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
    ...{ width: 1280, height: 800, maximized: false, toldOfTray: false, tellsFailures: true },
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

  it('is beside the one that another window comes from', () => {
    expect(besides({ x: 10, y: 20, width: 900, height: 600 })).toEqual({
      x: 38,
      y: 48,
      width: 900,
      height: 600,
    })
  })

  it('shrinks to the largest screen', () => {
    expect(fitToScreens(state({ width: 3000, height: 2000 }), screens)).toEqual({ width: 1920, height: 1080 })
  })
})

describe('the menu', () => {
  const nothing = (): void => undefined
  const deps = {
    onView: nothing,
    onNewWindow: nothing,
    onDataFolder: nothing,
    onQuit: nothing,
    switches: [],
    onOutside: nothing,
  }
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
    expect(paths).toEqual([
      ...['overview', 'tasks', 'history', 'calendar', 'nodes', 'changes', 'sync', 'runtime', 'settings'],
    ])
  })

  it('switches what may be switched, and shows how it stands then', () => {
    const changed: boolean[] = []
    const onChange = (isPossible: boolean) => (on: boolean) => {
      changed.push(on)
      return isPossible ? on : !on
    }
    const switches = [
      { label: 'Tell of failures', isOn: true, onChange: onChange(true) },
      { label: 'Start at login', isOn: false, onChange: onChange(false) },
    ]
    const file = menuTemplate({ ...deps, switches }, 'linux')[0]
    const entries = Array.isArray(file?.submenu) ? file.submenu : []
    const click = (name: string, checked: boolean) => {
      const item = entries.find(({ label }) => label === name)
      expect(item).toMatchObject({ type: 'checkbox', checked: !checked })
      const shown = { checked }
      item?.click?.(shown as never, undefined, undefined as never)
      return shown.checked
    }
    expect(click('Tell of failures', false)).toBe(false)
    expect(click('Start at login', true)).toBe(false)
    expect(changed).toEqual([false, true])
  })
})

describe('an installed program', () => {
  it('gives others the files beside its archive', () => {
    const builtMain = join(sep, 'usr', 'lib', 'x', 'resources', 'app.asar', 'out', 'main')
    const program = programIn(builtMain, { version: '1.0.0', nodePath: 'node' })
    const beside = join(sep, 'usr', 'lib', 'x', 'resources', 'app.asar.unpacked')
    expect(program.supervisorEntry).toBe(join(beside, 'out', 'main', 'supervisor.js'))
    expect(program.resourcesDir).toBe(join(beside, 'resources'))
  })

  it('says when its runtime is the stand-in, and only then', () => {
    expect(developmentNotice('PSWebHost Cluster (development)', '33.2.1')).toContain('no security updates')
    expect(developmentNotice('PSWebHost Cluster', '45.4.1')).toBeNull()
  })
})
