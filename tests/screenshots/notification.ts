import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { promisify } from 'node:util'
import { _electron } from 'playwright-core'
import type { Client } from '../../src/shared/client/create-client.ts'
import { openScreen } from '../support/screen.ts'
import { urlInLog, windowArgs, windowEnvironment } from '../support/window-args.ts'
import { clientOf } from './open-story.ts'

/*
 * What a person at a desktop is told of tasks that begin to fail: the window on a screen of its own, with a message bus,
 * and on that a program that draws notifications.
 */

const execute = promisify(execFile)

const SCRIPTS = {
  'backup.sh': 'echo "no route to host" >&2\nexit 3\n',
  'export.sh': 'echo "401 Unauthorized" >&2\nexit 1\n',
}
/** As desktops of today draw them. */
const DRAWN = `[global]
width = 360
offset = 16x56
padding = 14
horizontal_padding = 16
corner_radius = 8
frame_width = 1
frame_color = "#c8c8d0"
font = Sans 10
format = "<b>%s</b>\\n%b"
max_icon_size = 40
icon_position = left
[urgency_normal]
background = "#ffffff"
foreground = "#1b1b24"
`
/** They are gathered for five seconds, then drawn. */
const DRAWN_MS = 9_000
/** The screen's upper right corner, where notifications appear; the window fills it. */
const CORNER = { x: 640, y: 0, width: 1280, height: 800 }

/** @param executablePath Electron's. @param home an empty folder for the node. */
export const takeNotification = async (executablePath: string, home: string, file: string): Promise<void> => {
  const screen = await openScreen()
  const bus = await openBus()
  const env = { ...screen.env, DBUS_SESSION_BUS_ADDRESS: bus.address }
  const all = { ...process.env, ...env }
  await writeFiles(home)
  const drawer = spawn('dunst', ['-config', join(home, 'dunstrc')], { env: all, stdio: 'ignore' })
  try {
    const args = windowArgs(home)
    const app = await _electron.launch({ executablePath, args, env: windowEnvironment(env) })
    const page = await app.firstWindow()
    await page.getByText(/slots$/).waitFor()
    await app.evaluate(
      ({ BrowserWindow }, bounds) => BrowserWindow.getAllWindows()[0]?.setBounds(bounds),
      CORNER,
    )
    await failAll(await clientAt(home))
    await wait(DRAWN_MS)
    const { x, y, width, height } = CORNER
    await execute('scrot', ['--overwrite', '--autoselect', `${x},${y},${width},${height}`, file], {
      env: all,
    })
    const ended = once(app.process(), 'exit')
    await app.evaluate(({ app: program }) => program.quit()).catch(() => undefined)
    await ended
  } finally {
    await end(drawer)
    await bus.close()
    await screen.close()
  }
}

const openBus = async (): Promise<{ address: string; close: () => Promise<void> }> => {
  const bus = spawn('dbus-daemon', ['--session', '--nofork', '--print-address'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const [address] = (await once(bus.stdout, 'data')) as [Buffer]
  return { address: address.toString().trim(), close: () => end(bus) }
}

const end = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill()
  await ended
}

const writeFiles = async (home: string): Promise<void> => {
  const folder = join(home, 'scripts')
  await mkdir(folder, { recursive: true })
  await writeFile(join(home, 'dunstrc'), DRAWN)
  for (const [name, text] of Object.entries(SCRIPTS)) await writeFile(join(folder, name), text)
}

const clientAt = async (home: string): Promise<Client> => {
  const url = urlInLog(await readFile(join(home, 'logs', 'pswebhost.log'), 'utf8'))
  return clientOf(url, (await readFile(join(home, 'admin.token'), 'utf8')).trim())
}

const failAll = async (client: Client): Promise<void> => {
  const [backup, orders] = [
    await client.tasks.create({ taskName: 'Nightly backup', scriptPath: 'backup.sh' }),
    await client.tasks.create({ taskName: 'Export orders to SAP', scriptPath: 'export.sh' }),
  ]
  for (const { taskId } of [backup, orders]) await client.tasks.run({ taskId })
}
