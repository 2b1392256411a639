import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openSettingsFile } from '../../src/main/config/settings-file.ts'
import { memoryLog } from '../../src/main/platform/log.ts'
import { createSettings } from '../../src/main/services/settings.ts'
import { configFolders } from '../config/support.ts'
import { admin, startTestNode } from '../support/node.ts'

const CONFIG = `# ours
retention:
  historyDays: 30 # a month
cluster:
  heartbeatSeconds: 1
  leaseSeconds: 3
  pollSeconds: 1
execution:
  shutdownGraceSeconds: 1
`

const { loadText } = configFolders()

const open = async () => {
  const node = await startTestNode({ config: CONFIG })
  const file = join(node.dir, 'app.yaml')
  const { settings } = node.services
  const local = { isLocal: true }
  const remote = { isLocal: false }
  const valueOf = async (key: string) =>
    (await settings.get(admin, local)).settings.find((setting) => setting.key === key)
  return { ...node, file, settings, local, remote, valueOf, text: () => readFile(file, 'utf8') }
}

describe('settings', () => {
  it('tell each key with its value, its default and whether the file names it', async () => {
    const { valueOf } = await open()
    expect(await valueOf('retention.historyDays')).toEqual({
      key: 'retention.historyDays',
      value: 30,
      default: 90,
      given: true,
      needsRestart: false,
      lock: null,
    })
    expect(await valueOf('retention.changeDays')).toMatchObject({ value: 365, given: false })
    expect(await valueOf('database.connection.password')).toBeUndefined()
  })

  it('write a key and leave comments and everything else of the file as they were', async () => {
    const { settings, remote, text, valueOf } = await open()
    const { version } = await settings.get(admin, remote)
    await settings.update(admin, { version, values: { 'retention.historyDays': 45 } }, remote)
    expect(await text()).toBe(CONFIG.replace('historyDays: 30', 'historyDays: 45'))
    expect(await valueOf('retention.historyDays')).toMatchObject({ value: 45, needsRestart: true })
  })

  it('write nothing when a value is wrong, and name the key and what it may be', async () => {
    const { settings, remote, text } = await open()
    const { version } = await settings.get(admin, remote)
    const values = { 'retention.historyDays': 0, 'cluster.leaseSeconds': 5 }
    const refused = settings.update(admin, { version, values }, remote)
    await expect(refused).rejects.toMatchObject({
      code: 'BAD_REQUEST',
      issues: [
        { path: ['retention', 'historyDays'], message: expect.stringContaining('from 1 to') as string },
      ],
    })
    expect(await text()).toBe(CONFIG)
  })

  it('refuse what two keys together may not be', async () => {
    const { settings, remote } = await open()
    const { version } = await settings.get(admin, remote)
    const refused = settings.update(admin, { version, values: { 'cluster.heartbeatSeconds': 3 } }, remote)
    await expect(refused).rejects.toMatchObject({ issues: [{ path: ['cluster', 'leaseSeconds'] }] })
  })

  it('refuse a change that was based on another file than the one that is there', async () => {
    const { settings, remote, file, text } = await open()
    const { version } = await settings.get(admin, remote)
    await writeFile(file, `${CONFIG}# by hand\n`)
    const refused = settings.update(admin, { version, values: { 'retention.changeDays': 10 } }, remote)
    await expect(refused).rejects.toMatchObject({ code: 'CONFLICT' })
    expect(await text()).toBe(`${CONFIG}# by hand\n`)
  })

  it.each(['execution.scriptRoots', 'execution.interpreters.bash', 'api.port'])(
    'let %s be changed on this machine only',
    async (key) => {
      const { settings, remote, local, text } = await open()
      const { version } = await settings.get(admin, remote)
      const values = {
        [key]: key.endsWith('Roots') ? ['scripts', '/srv'] : key.endsWith('port') ? 7999 : '/bin/bash',
      }
      const refused = settings.update(admin, { version, values }, remote)
      await expect(refused).rejects.toMatchObject({ code: 'FORBIDDEN', issues: [{ path: [key] }] })
      expect(await text()).toBe(CONFIG)
      await settings.update(admin, { version, values }, local)
      expect(await text()).not.toBe(CONFIG)
    },
  )

  it.each(['database.type', 'node.nodeName'])('never write %s', async (key) => {
    const { settings, local } = await open()
    const { version } = await settings.get(admin, local)
    const refused = settings.update(admin, { version, values: { [key]: 'x' } }, local)
    await expect(refused).rejects.toMatchObject({ code: 'FORBIDDEN' })
  })

  it('take no sandbox with which the node would not start again', async () => {
    const { config, nodeKey } = await loadText(CONFIG)
    const { file, dataDir } = config
    const options = { file, root: dataDir.root, nodeKey, variables: {}, insecure: false }
    const settings = createSettings({
      file: await openSettingsFile(options),
      setScriptRoots: () => undefined,
      isolation: [{ feature: 'bubblewrap', available: false, reason: 'the program bwrap is missing' }],
      log: memoryLog(),
    })
    const here = { isLocal: true }
    const { version } = await settings.get(admin, here)
    const values = { 'execution.sandbox': 'bubblewrap' }
    await expect(settings.update(admin, { version, values }, here)).rejects.toMatchObject({
      code: 'BAD_REQUEST',
      issues: [
        { path: ['execution.sandbox'], message: expect.stringContaining('bwrap is missing') as string },
      ],
    })
    expect(await readFile(file, 'utf8')).toBe(CONFIG)
  })

  it.each(['execution.sandbox', 'execution.sandboxUser', 'api.tls.enabled', 'api.tls.cert'])(
    'never write %s from afar',
    async (key) => {
      const { settings, remote, text } = await open()
      const { version } = await settings.get(admin, remote)
      const refused = settings.update(admin, { version, values: { [key]: null } }, remote)
      await expect(refused).rejects.toMatchObject({ code: 'FORBIDDEN', issues: [{ path: [key] }] })
      expect(await text()).toBe(CONFIG)
    },
  )

  it('say of a key that does not exist that it does not', async () => {
    const { settings, local } = await open()
    const { version } = await settings.get(admin, local)
    const refused = settings.update(admin, { version, values: { 'retention.histryDays': 1 } }, local)
    await expect(refused).rejects.toMatchObject({ code: 'BAD_REQUEST' })
  })

  it('hold for script roots at once', async () => {
    const { settings, local, services, dir } = await open()
    const { version } = await settings.get(admin, local)
    const after = await settings.update(
      admin,
      { version, values: { 'execution.scriptRoots': ['scripts', 'more'] } },
      local,
    )
    expect((await services.system.info(admin)).scriptRoots).toEqual([join(dir, 'scripts'), join(dir, 'more')])
    const roots = after.settings.find(({ key }) => key === 'execution.scriptRoots')
    expect(roots).toMatchObject({ needsRestart: false })
  })
})
