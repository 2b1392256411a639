import { readFile, readdir, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createSocketLink } from '../../src/main/cli/socket-link.ts'
import { createLocalClient } from '../../src/shared/client/create-client.ts'
import { createLocalRouter } from '../../src/main/api/router.ts'
import type { Connection } from '../../src/main/cli/connect.ts'
import { systemClock } from '../../src/main/platform/clock.ts'
import { memoryLog } from '../../src/main/platform/log.ts'
import { AppError } from '../../src/shared/domain/errors.ts'
import { notOpened, pswebhost, type Setting } from '../support/command-line.ts'
import { newFolder, startLocalNode, type LocalNode } from '../support/local-node.ts'
import { importResult } from '../support/memory-records.ts'

describe('sub-commands of a running node', () => {
  let node: LocalNode
  let setting: Setting
  beforeEach(async () => {
    node = await startLocalNode()
    setting = { open: notOpened, controlPath: node.path, workingDir: await newFolder() }
  })
  afterEach(() => node.control.close())

  it('creates, lists and revokes tokens; the text of one is all that create prints', async () => {
    const created = await pswebhost('token create --role viewer --name ci', setting)
    expect(created).toMatchObject({ code: 0, err: '' })
    expect(created.out).toMatch(/^text-of-\S+\n$/)
    const listed = await pswebhost('token list', setting)
    expect(listed.out).toMatch(/^ID +ROLE +STATE +NAME\n\S+ +viewer +valid +ci\n$/)
    const { items } = JSON.parse((await pswebhost('token list --json', setting)).out) as {
      items: { tokenId: string }[]
    }
    expect(items).toHaveLength(1)
    expect(await pswebhost(`token revoke ${items[0]?.tokenId}`, setting)).toMatchObject({ code: 0 })
    expect((await pswebhost('token list', setting)).out).toContain('revoked')
  })

  it('names what failed on stderr, and as JSON when asked, with exit code 1', async () => {
    expect(await pswebhost('token revoke nothing', setting)).toEqual({
      code: 1,
      out: '',
      err: 'There is no token nothing.\n',
    })
    const json = await pswebhost('token revoke nothing --json', setting)
    expect(json.code).toBe(1)
    expect(JSON.parse(json.out)).toEqual({
      error: { code: 'NOT_FOUND', detail: 'There is no token nothing.' },
    })
  })

  it('imports paths meant from where the person stands and prints the counts', async () => {
    const { code, out } = await pswebhost('import tasks.yaml other --json', setting)
    expect(code).toBe(0)
    const result = JSON.parse(out) as { items: { source: string }[] }
    expect(result).toMatchObject({ created: 2, updated: 0, unchanged: 0, skipped: 0 })
    expect(result.items.map(({ source }) => source)).toEqual([
      join(setting.workingDir, 'tasks.yaml'),
      join(setting.workingDir, 'other'),
    ])
    expect((await pswebhost('import tasks.yaml', setting)).out).toMatch(
      /^created .*\n1 created, 0 updated, 0 unchanged, 0 skipped\n$/s,
    )
  })

  it('shows a plan with reasons, warnings and both readings of a cron expression', async () => {
    node.services.import.importPaths = async () =>
      importResult([
        {
          source: 'tasks.yaml',
          name: 'Nightly',
          appName: 'Ops',
          action: 'created',
          warnings: ['timeout has no home here'],
          cronReadings: {
            expression: '0 2 * * 7',
            standard: { cron: '0 2 * * 7', next: ['2026-11-29T02:00:00.000Z'] },
            legacy: { cron: null, next: [] },
          },
        },
        {
          source: 'tasks.yaml',
          name: 'Broken',
          appName: '',
          action: 'skipped',
          reason: 'it has no script',
          warnings: [],
        },
      ])
    const { code, out } = await pswebhost('import tasks.yaml --dry-run', setting)
    expect(code).toBe(0)
    expect(out).toContain('would be created  Ops/Nightly  (tasks.yaml)')
    expect(out).toContain('warning: timeout has no home here')
    expect(out).toMatch(
      /"0 2 \* \* 7" is read in two ways[\s\S]*standard[\s\S]*2026-11-29T02:00:00\.000Z[\s\S]*legacy +never runs/,
    )
    expect(out).toMatch(/would be skipped +Broken[\s\S]*it has no script/)
    expect(out).toContain('1 would be created, 0 would be updated, 0 unchanged, 1 would be skipped')
    expect(out).toContain('Nothing was changed')
  })

  it('exits 1 when nothing at all could be imported', async () => {
    node.services.import.importPaths = async () =>
      importResult([
        { source: 'x', name: null, appName: null, action: 'skipped', reason: 'not YAML', warnings: [] },
      ])
    expect(await pswebhost('import x', setting)).toMatchObject({
      code: 1,
      out: expect.stringContaining('not YAML') as string,
    })
  })

  it('shows progress only to who watches, and never on stdout', async () => {
    expect((await pswebhost('import a b --json', setting)).err).toBe('')
    const watched = await pswebhost('import a b --json', { ...setting, watched: true })
    expect(watched.err).toContain('1/2')
    expect(() => JSON.parse(watched.out) as unknown).not.toThrow()
  })

  it('exports to stdout, or to a file of its own that only this user reads', async () => {
    const printed = await pswebhost('export', setting)
    expect(JSON.parse(printed.out)).toMatchObject({ format: 'pswebhost-cluster-tasks', version: 1 })
    const file = join(setting.workingDir, 'out.json')
    await writeFile(file, 'the key of something')
    expect((await pswebhost('export out.json', setting)).code).toBe(2)
    expect(await readFile(file, 'utf8')).toBe('the key of something')
    await writeFile(file, '{ "format": "pswebhost-cluster-tasks" }')
    expect((await pswebhost('export out.json', setting)).out).toBe(`Wrote 0 tasks to ${file}.\n`)
    expect(JSON.parse(await readFile(file, 'utf8'))).toEqual(JSON.parse(printed.out))
    if (process.platform !== 'win32') expect((await stat(file)).mode & 0o777).toBe(0o600)
    expect(await readdir(setting.workingDir)).toEqual(['out.json'])
  })

  it('lists findings aligned and exits 1 while a problem remains', async () => {
    const found = await pswebhost('doctor', setting)
    expect(found.code).toBe(1)
    expect(found.out).toBe(
      'ok     Disk      10 GB free\nerror  Triggers  one is missing\nTriggers: install it (--fix)\nA problem remains.\n',
    )
    const fixed = await pswebhost('doctor --fix', setting)
    expect(fixed.code).toBe(0)
    expect(fixed.out).toContain('fixed  Triggers')
    expect(JSON.parse((await pswebhost('doctor --json', setting)).out)).toMatchObject({ ok: false })
  })

  it('lists and imports samples by name', async () => {
    expect((await pswebhost('sample list', setting)).out).toMatch(
      /^disk-space +Warns when a disk fills up\.\n$/,
    )
    expect((await pswebhost('sample import disk-space', setting)).out).toContain('1 created')
  })

  it('takes a passphrase from a file, the variable or the terminal, and never without one', async () => {
    await writeFile(join(setting.workingDir, 'p'), 'from the file\n')
    const file = join(setting.workingDir, 'p')
    expect((await pswebhost(`backup b.db --with-key --passphrase-file ${file}`, setting)).code).toBe(0)
    expect(
      (await pswebhost('backup b.db --with-key', { ...setting, passphrase: 'from a variable' })).code,
    ).toBe(0)
    const answers = ['from a person', 'from a person']
    const asked = await pswebhost('backup b.db --with-key', { ...setting, answers })
    expect(asked).toMatchObject({ code: 0, err: 'Passphrase: Again: ' })
    expect(asked.out).toBe(`Wrote ${join(setting.workingDir, 'b.db')} (4096 bytes).\n`)
    expect((await pswebhost('backup b.db', { ...setting, passphrase: 'unused' })).code).toBe(0)
    expect(node.passphrases).toEqual(['from the file', 'from a variable', 'from a person', undefined])
    expect(await pswebhost('backup b.db --with-key', setting)).toMatchObject({ code: 2 })
    const mistyped = await pswebhost('backup b.db --with-key', {
      ...setting,
      answers: ['one two three', 'one two four'],
    })
    expect(mistyped).toMatchObject({ code: 2, err: expect.stringContaining('differ') as string })
    expect(node.passphrases).toHaveLength(4)
  })

  it('asks for the passphrase of a restore only when the backup needs one', async () => {
    expect(await pswebhost('restore b.db', { ...setting, answers: ['never asked'] })).toMatchObject({
      code: 0,
      err: '',
    })
    const before = { ...node.services.system }
    node.services.system.restore = async (caller, input) => {
      if (input.passphrase !== 'right')
        throw new AppError('BAD_REQUEST', 'passphrase: is needed', {
          issues: [{ path: ['passphrase'], message: 'is needed' }],
        })
      return before.restore(caller, input)
    }
    expect(await pswebhost('restore b.db', { ...setting, answers: ['right'] })).toMatchObject({ code: 0 })
    expect(await pswebhost('restore b.db', setting)).toMatchObject({
      code: 1,
      err: 'passphrase: is needed\n',
    })
  })

  it('waits for a node that is just starting', async () => {
    const later = await newFolder()
    const { acquireControl } = await import('../../src/main/api/control.ts')
    const path = join(later, 'control.sock')
    const acquired = await acquireControl({ path, version: '1', clock: systemClock, log: memoryLog() })
    if (!acquired.held) throw new Error('held')
    setTimeout(() => acquired.control.serve(createLocalRouter(node.services)), 200)
    expect(await pswebhost('token list', { ...setting, controlPath: path })).toMatchObject({ code: 0 })
    await acquired.control.close()
  })
})

describe('sub-commands when no node runs', () => {
  it('open the folder in this process and close it again', async () => {
    const inside = await startLocalNode()
    let closed = 0
    const open = async (): Promise<Connection> => {
      const socket = createSocketLink(inside.path)
      const close = async (): Promise<void> => {
        closed++
        await socket.close()
      }
      return { client: createLocalClient(socket.link), close }
    }
    const folder = await newFolder()
    const setting = { open, controlPath: join(folder, 'control.sock'), workingDir: folder }
    expect(await pswebhost('import a b', setting)).toMatchObject({ code: 0 })
    expect((await pswebhost('token revoke nothing', setting)).err).toBe('There is no token nothing.\n')
    expect(closed).toBe(2)
    expect(inside.callers.at(-1)?.actor).toMatch(/^local:/)
    await inside.control.close()
  })

  it('name who holds the folder without answering, with exit code 3', async () => {
    const folder = await newFolder()
    const controlPath = join(folder, 'control.sock')
    const impostor = createServer((_, response) => void response.end('hello'))
    await new Promise<void>((resolve) => void impostor.listen(controlPath, resolve))
    const result = await pswebhost('doctor', { open: notOpened, controlPath, workingDir: folder })
    expect(result).toMatchObject({ code: 3, out: '' })
    expect(result.err).toContain('held by a program that does not answer')
    await new Promise((resolve) => impostor.close(resolve))
  })

  it('pass on the exit code that opening the folder asks for', async () => {
    const open = async (): Promise<Connection> => {
      throw Object.assign(new Error('the database is unreachable'), { exitCode: 3 })
    }
    const folder = await newFolder()
    const setting = { open, controlPath: join(folder, 'control.sock'), workingDir: folder }
    expect(await pswebhost('doctor', setting)).toEqual({
      code: 3,
      out: '',
      err: 'the database is unreachable\n',
    })
  })
})
