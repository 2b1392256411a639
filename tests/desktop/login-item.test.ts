import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { isPlainStart } from '../../src/main/cli/place.ts'
import { defaultDataDir } from '../../src/main/config/data-dir.ts'
import { autostartText, createLoginItem } from '../../src/main/desktop/login-item.ts'
import { tempDir } from '../support/node.ts'

const EXEC = '/usr/lib/pswebhost-cluster/pswebhost-cluster'

type Deps = Parameters<typeof createLoginItem>[0]

/** The item, and what the system was told; the system says that it is on. */
const itemOf = (platform: NodeJS.Platform, deps: Partial<Deps> = {}) => {
  const set: object[] = []
  const app = {
    getLoginItemSettings: () => ({ openAtLogin: true }) as never,
    setLoginItemSettings: (settings: object) => void set.push(settings),
  }
  const common = { app, platform, execPath: EXEC, args: ['--data', '/home/a b'], isPlain: false }
  return { set, item: createLoginItem({ ...common, autostartDir: '', ...deps }) }
}

/** On Linux: the item of a window, and its file. */
const fileItem = async () => {
  const autostartDir = join(await tempDir(), 'config', 'autostart')
  const file = join(autostartDir, 'pswebhost-cluster.desktop')
  return { ...itemOf('linux', { autostartDir }), autostartDir, file }
}

describe('start at login', () => {
  it('is a file of the desktop on Linux, which goes when it is switched off', async () => {
    const { item, file } = await fileItem()
    expect(item.isOn()).toBe(false)
    item.set(false)
    item.set(true)
    expect(item.isOn()).toBe(true)
    const text = await readFile(file, 'utf8')
    expect(text).toContain(`\nTryExec=${EXEC}\nExec="${EXEC}" "--data" "/home/a b"\n`)
    item.set(false)
    expect(item.isOn()).toBe(false)
  })

  it('is off where the file starts another node, until it is switched on', async () => {
    const { item, autostartDir } = await fileItem()
    itemOf('linux', { autostartDir, args: ['--data', '/home/other'] }).item.set(true)
    expect(item.isOn()).toBe(false)
    item.set(true)
    expect(item.isOn()).toBe(true)
  })

  it.each([
    ['X-GNOME-Autostart-enabled=true', 'X-GNOME-Autostart-enabled=false'],
    ['Type=Application', 'Type=Application\nHidden=true'],
  ])('is off where the settings of the desktop have switched it off: %s to %j', async (from, to) => {
    const { item, file } = await fileItem()
    item.set(true)
    await writeFile(file, (await readFile(file, 'utf8')).replace(from, to))
    expect(item.isOn()).toBe(false)
    item.set(true)
    expect(item.isOn()).toBe(true)
  })

  it('quotes what the Exec line of a desktop entry reads otherwise', () => {
    expect(autostartText(['/a"b', '100%', 'c$d'])).toContain('Exec="/a\\\\"b" "100%%" "c\\\\$d"')
  })

  it('is the system’s own on Windows, with the options of the window', () => {
    const { item, set } = itemOf('win32', { args: ['--data', 'C:\\my data'] })
    expect(item.isOn()).toBe(true)
    item.set(false)
    expect(set).toEqual([{ openAtLogin: false, args: ['--data', '"C:\\my data"'] }])
  })

  it('is for a start without options only on macOS, which gives none', () => {
    const plain = itemOf('darwin', { isPlain: true })
    expect(plain.item.isOn()).toBe(true)
    plain.item.set(true)
    expect(plain.set).toEqual([{ openAtLogin: true }])
    const other = itemOf('darwin')
    expect(other.item.isOn()).toBe(false)
    expect(() => other.item.set(true)).toThrow('only the window of the default data folder')
    expect(other.set).toEqual([])
  })
})

describe('a plain start', () => {
  const place = (dataDir: string) => ({ ...PLACE, dataDir })
  const PLACE = { environment: { variables: {} }, program: {} } as unknown as Parameters<
    typeof isPlainStart
  >[0]

  it('has the default data folder and no other options', () => {
    const usual = place(defaultDataDir({}))
    expect(isPlainStart(usual, { insecure: false })).toBe(true)
    expect(isPlainStart(usual, { port: 1 })).toBe(false)
    expect(isPlainStart({ ...usual, configFile: 'other.yaml' }, {})).toBe(false)
    expect(isPlainStart(place('elsewhere'), {})).toBe(false)
  })
})
