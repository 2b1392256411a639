import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { autostartText, createLoginItem } from '../../src/main/desktop/login-item.ts'
import { tempDir } from '../support/node.ts'

const EXEC = '/usr/lib/pswebhost-cluster/pswebhost-cluster'

describe('start at login', () => {
  it('is a file of the desktop on Linux, which goes when it is switched off', async () => {
    const autostartDir = join(await tempDir(), 'config', 'autostart')
    const app = { getLoginItemSettings: () => ({}) as never, setLoginItemSettings: () => {} }
    const item = createLoginItem({
      app,
      platform: 'linux',
      execPath: EXEC,
      args: ['--data', '/home/a b'],
      autostartDir,
    })
    expect(item.isOn()).toBe(false)
    item.set(false)
    item.set(true)
    expect(item.isOn()).toBe(true)
    const text = await readFile(join(autostartDir, 'pswebhost-cluster.desktop'), 'utf8')
    expect(text).toContain(`Exec="${EXEC}" "--data" "/home/a b"\n`)
    item.set(false)
    expect(item.isOn()).toBe(false)
  })

  it('quotes what the Exec line of a desktop entry reads otherwise', () => {
    expect(autostartText(['/a"b', '100%', 'c$d'])).toContain('Exec="/a\\\\"b" "100%%" "c\\\\$d"')
  })

  it('is the system’s own elsewhere', () => {
    const set: object[] = []
    const app = {
      getLoginItemSettings: () => ({ openAtLogin: true }) as never,
      setLoginItemSettings: (settings: object) => void set.push(settings),
    }
    const item = createLoginItem({
      app,
      platform: 'win32',
      execPath: EXEC,
      args: ['--data', 'C:\\my data'],
      autostartDir: '',
    })
    expect(item.isOn()).toBe(true)
    item.set(false)
    expect(set).toEqual([{ openAtLogin: false, args: ['--data', '"C:\\my data"'] }])
  })
})
