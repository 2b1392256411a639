import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, describe, expect, it, onTestFinished } from 'vitest'
import { createDatabase } from '../../src/main/data/orm.ts'
import { steps } from '../../src/main/data/migrations/index.ts'
import { taskRow } from '../data/rows.ts'
import { sqliteOptions } from '../support/database-options.ts'
import { eventually } from '../support/eventually.ts'
import { apt, ARCHIVE, DATA, DEB, PACKAGE, PROGRAM, sh, traces, unitOf, userOf, VERSION } from './machine.ts'
import { OLDER_VERSION, OTHER, withOlderPackage, withOtherPackage } from './made-packages.ts'
import { startService, UNIT } from './service.ts'
import { openInstalled } from './window.ts'

const USER = 'pswebhost-node'

const WANTS = '/etc/systemd/system/multi-user.target.wants/pswebhost-node.service'
const DROP_INS = '/etc/systemd/system/pswebhost-node.service.d'

/** As `systemctl enable` does it, which a machine without a service manager need not have. */
const enableService = async (): Promise<void> => {
  await mkdir(dirname(WANTS), { recursive: true })
  await symlink(UNIT, WANTS)
}

const installedVersion = async (name = PACKAGE): Promise<string> =>
  (await sh('dpkg-query', '--show', '--showformat', '${Version} ${db:Status-Abbrev}', name)).trim()

const WHICH = 'console.log(process.execPath, process.versions.electron ?? "plain node", process.getuid())'

describe('the Debian package', () => {
  // Also after a failure: the next step would start from it.
  afterAll(() => apt('purge', PACKAGE).catch(() => undefined))

  it('is installed by apt with what it needs, and starts nothing', async () => {
    await withOlderPackage((file) => apt('install', file))
    expect(await installedVersion()).toBe(`${OLDER_VERSION} ii`)
    expect((await sh('pswebhost-node', '--version')).trim()).toBe(VERSION)
    const { uid } = await userOf(USER)
    expect(await stat(DATA)).toMatchObject({ uid, mode: 0o40700 })
    expect(await readdir(DATA)).toEqual([])
    expect(existsSync(WANTS)).toBe(false)
    expect((await stat(join(PROGRAM, 'chrome-sandbox'))).mode & 0o7777).toBe(0o4755)
    for (const file of [PACKAGE, 'resources/node/node'].map((name) =>
      join(PROGRAM, name.replace('-dev', '')),
    ))
      expect(await sh('ldd', file)).not.toContain('not found')
  })

  it('has a unit that the service manager reads, and that names its guide', async (test) => {
    const documentation = (await unitOf(UNIT))['Documentation'] ?? ''
    expect(existsSync(documentation.replace('file://', ''))).toBe(true)
    const has = await sh('sh', '-c', 'command -v systemd-analyze').catch(() => '')
    test.skip(has === '', 'there is no systemd-analyze')
    // It says on stderr what it does not understand, also where it ends well.
    expect(await sh('sh', '-c', `systemd-analyze verify --man=no ${UNIT} 2>&1`)).toBe('')
  })

  it('has a menu entry with its icon, which opens pswebhost:// links', async () => {
    const entry = await readFile(`/usr/share/applications/${PACKAGE}.desktop`, 'utf8')
    expect(entry).toContain(`Exec=${PACKAGE} %U`)
    expect(entry).toContain('MimeType=x-scheme-handler/pswebhost;')
    expect(existsSync(`/usr/share/icons/hicolor/256x256/apps/${PACKAGE}.png`)).toBe(true)
    expect(
      await sh('grep', 'x-scheme-handler/pswebhost=', '/usr/share/applications/mimeinfo.cache'),
    ).toContain(`${PACKAGE}.desktop`)
  })

  it('opens its window for a person who is not root, in the sandbox', async () => {
    const { page, process: program, said, ended } = await openInstalled()
    await page.getByText(/slots$/).waitFor()
    expect(new URL(page.url()).protocol).toBe('app:')
    const renderers = (await sh('pgrep', '-f', `^${PROGRAM}/.*--type=renderer`)).trim().split('\n')
    for (const pid of renderers) {
      expect(await readFile(`/proc/${pid}/status`, 'utf8')).toMatch(/Seccomp:\t2/)
      expect(await readFile(`/proc/${pid}/cmdline`, 'utf8')).not.toContain('no-sandbox')
    }
    const isDev = PACKAGE.endsWith('-dev')
    expect(said().includes('for development only')).toBe(isDev)
    program.kill('SIGTERM')
    expect(await ended).toBe(0)
  })

  it('opens what a link names in the window that is there', async () => {
    const { page, again } = await openInstalled()
    await page.getByText(/slots$/).waitFor()
    expect(await again('pswebhost://view/changes')).toBe(0)
    await page.waitForURL(/#\/changes/)
    expect(await again('--', 'pswebhost://view/nodes')).toBe(0)
    await page.waitForURL(/#\/nodes/)
    expect(await again('--', 'pswebhost://view/changes', '--config', 'elsewhere.yaml')).toBe(2)
  })

  it('cannot be used as a Node or looked into with a debugger', async () => {
    const asNode = await sh(
      'env',
      'ELECTRON_RUN_AS_NODE=1',
      `/usr/bin/${PACKAGE}`,
      '--no-sandbox',
      '--version',
    )
    expect(asNode.trim()).toBe(VERSION)
    const { page, said } = await openInstalled('--inspect=0')
    await page.getByText(/slots$/).waitFor()
    expect(said()).not.toContain('Debugger listening')
  })

  it('runs the service as its own user, and scripts under the Node it brings', async () => {
    const { client, dir, output, stop } = await startService()
    await writeFile(join(dir, 'scripts', 'which.mjs'), WHICH)
    const { taskId } = await client.tasks.create({ taskName: 'Which', scriptPath: 'which.mjs' })
    const { historyId } = await client.tasks.run({ taskId })
    await eventually(async () => (await client.history.get({ historyId })).state === 'Success')
    expect(await output(historyId)).toBe(
      `${PROGRAM}/resources/node/node plain node ${(await userOf(USER)).uid}\n`,
    )
    // The command line reaches the service's node as its owner; root would leave files that the service cannot use.
    const ask = ['pswebhost-node', 'export', '--data', dir]
    expect(JSON.parse(await sh('runuser', '-u', USER, '--', ...ask))).toMatchObject({
      tasks: [{ taskName: 'Which' }],
    })
    await expect(sh('pswebhost-node', ...ask.slice(1))).rejects.toThrow(
      `Run this as its owner: sudo -u ${USER} pswebhost-node`,
    )
    expect(await stop()).toBe(0)
  })

  it('is upgraded over the data folder of an earlier schema', async () => {
    await rm(DATA, { recursive: true })
    const { uid, gid } = await userOf(USER)
    await sh('install', '-d', '-m', '0700', '-o', `${uid}`, '-g', `${gid}`, DATA)
    const path = join(DATA, 'pswebhost.db')
    const earlier = await createDatabase(sqliteOptions(path, { steps: steps.slice(0, -1) }))
    await earlier.write({ actor: 'test' }, (tx) => tx.insertInto('Tasks').values(taskRow()).execute())
    await earlier.close()
    await sh('chown', '-R', `${uid}:${gid}`, DATA)

    await apt('install', DEB)
    expect(await installedVersion()).toBe(`${VERSION} ii`)
    const { client, stop } = await startService()
    expect((await client.tasks.list({})).items.map(({ taskName }) => taskName)).toEqual(['Nightly export'])
    expect(existsSync(`${path}.before-${steps.length}`)).toBe(true)
    expect(await stop()).toBe(0)
  })

  it('leaves everything shared alone when it is purged after the other package took its place', async () => {
    await withOtherPackage((file) => apt('install', file))
    expect(await installedVersion(OTHER)).toBe(`${VERSION} ii`)
    expect(await installedVersion()).toBe(`${VERSION} rc`)
    await enableService()
    await apt('purge', PACKAGE)
    expect((await stat(DATA)).uid).toBe((await userOf(USER)).uid)
    expect([UNIT, WANTS].map((file) => existsSync(file))).toEqual([true, true])
    await apt('install', DEB)
    await apt('purge', OTHER)
    expect((await stat(DATA)).uid).toBe((await userOf(USER)).uid)
  })

  it('leaves data and user when it is removed, and nothing but the data folder when it is purged', async () => {
    await enableService()
    await mkdir(DROP_INS, { recursive: true })
    await writeFile(join(DROP_INS, 'override.conf'), '[Service]\nCPUQuota=50%\n')
    await apt('remove', PACKAGE)
    expect(existsSync(PROGRAM)).toBe(false)
    expect(existsSync(UNIT)).toBe(false)
    expect(await readdir(dirname(WANTS))).not.toContain('pswebhost-node.service')
    expect(existsSync(DROP_INS)).toBe(true)
    await userOf(USER)

    await apt('purge', PACKAGE)
    expect(await traces()).toEqual([DATA])
    expect(existsSync(join(DATA, 'pswebhost.db'))).toBe(true)
    // Nobody who comes after gets to read it.
    expect(await stat(DATA)).toMatchObject({ uid: 0, mode: 0o40700 })
    await expect(userOf(USER)).rejects.toThrow(/no such user/)
  })

  it('is purged to the end while something still runs as its user, who then stays', async () => {
    await apt('install', DEB)
    const { uid, gid } = await userOf(USER)
    const busy = spawn('sleep', ['600'], { uid, gid })
    onTestFinished(() => void busy.kill('SIGKILL'))
    await apt('purge', PACKAGE)
    await expect(installedVersion()).rejects.toThrow(/no packages found/)
    expect((await stat(DATA)).uid).toBe(0)
    expect((await userOf(USER)).uid).toBe(uid)
  })

  it('takes over the data folder of an earlier installation', async () => {
    await apt('install', DEB)
    expect((await stat(DATA)).uid).toBe((await userOf(USER)).uid)
    const { client, stop } = await startService()
    expect((await client.tasks.list({})).items).toHaveLength(1)
    expect(await stop()).toBe(0)
  })
})

describe('the portable archive', () => {
  it('runs from wherever it is unpacked, also through a link', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'pswebhost-portable-'))
    onTestFinished(() => rm(folder, { recursive: true, force: true }))
    await sh('tar', '-xzf', ARCHIVE, '-C', folder)
    const [name = ''] = await readdir(folder)
    const link = join(folder, 'node-of-ours')
    await sh('ln', '-s', join(folder, name, 'pswebhost-node'), link)
    expect((await sh(link, '--version')).trim()).toBe(VERSION)
    expect(await sh(link, 'sample', 'list', '--data', join(folder, 'data'))).toContain('disk-space')
  })
})
