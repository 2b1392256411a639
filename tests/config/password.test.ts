import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { configErrorOf, configFolders, isPosix, modeOf, textOf } from './support.ts'

const { folder, load, loadText, messageOf } = configFolders()

const SERVER = `# our cluster
database:
  type: PostgreSQL # shared
  connection:
    server:   db.example   # two spaces
    database: "PSWebHost"
    # rotated in May
    password: PASSWORD   # ask Ann
    username: 'svc'

  options: { timeout: 60,   poolSize: 5 }
# the end`

describe('a plain password', () => {
  it.each(['hunter22', '"hunter22"', "'hunter22'"])(
    'written as %s is replaced by its encrypted form, every other byte kept',
    async (written) => {
      const dir = folder()
      const yaml = SERVER.replace('PASSWORD', written)
      await writeFile(join(dir, 'app.yaml'), yaml, { mode: 0o644 })
      const { config, secrets } = await load(dir)
      expect(config.database.connection.password).toBe('hunter22')
      expect(secrets).toEqual(['hunter22'])

      const after = await textOf(join(dir, 'app.yaml'))
      expect(after).not.toContain('hunter22')
      const sealed = /password: (encrypted:x1\.[\w-]+) {3}# ask Ann/.exec(after)?.[1] ?? ''
      expect(after).toBe(SERVER.replace('PASSWORD', sealed))
      if (isPosix) expect(await modeOf(join(dir, 'app.yaml'))).toBe(0o600)

      const again = await load(dir)
      expect(again.config.database.connection.password).toBe('hunter22')
      expect(again.secrets).toEqual(['hunter22'])
      expect(await textOf(join(dir, 'app.yaml'))).toBe(after)
    },
  )

  it('of digits keeps its leading zero', async () => {
    const { config } = await loadText(SERVER.replace('PASSWORD', '012345'))
    expect(config.database.connection.password).toBe('012345')
  })

  it('from the environment stays a reference in the file, and is masked', async () => {
    const dir = folder()
    const yaml = SERVER.replace('PASSWORD', '${DB_PASSWORD}')
    await writeFile(join(dir, 'app.yaml'), yaml)
    const { config, secrets } = await load(dir, { variables: { DB_PASSWORD: 'geheim-42' } })
    expect([config.database.connection.password, secrets]).toEqual(['geheim-42', ['geheim-42']])
    expect(await textOf(join(dir, 'app.yaml'))).toBe(yaml)
  })

  it('stays where it is while anything else is wrong', async () => {
    const dir = folder()
    const yaml = `${SERVER.replace('PASSWORD', 'hunter22')}\napi:\n  port: x\n`
    await writeFile(join(dir, 'app.yaml'), yaml)
    await configErrorOf(() => load(dir))
    expect(await textOf(join(dir, 'app.yaml'))).toBe(yaml)
  })

  it('encrypted by another node is refused, and so is an altered one', async () => {
    const dir = folder()
    await writeFile(join(dir, 'app.yaml'), SERVER.replace('PASSWORD', 'hunter22'))
    await load(dir)
    const foreign = await textOf(join(dir, 'app.yaml'))
    expect(await messageOf(foreign)).toBe(
      'database.connection.password has an encrypted value that the secret.key of this node does not open; write the plain text once more',
    )
    const altered = foreign.replace(
      /(encrypted:x1\.[\w-]{60})(.)/,
      (_, head: string, char: string) => head + (char === 'A' ? 'B' : 'A'),
    )
    await writeFile(join(dir, 'app.yaml'), altered)
    expect((await configErrorOf(() => load(dir))).message).toContain('does not open')
  })

  it.runIf(isPosix)('is replaced in the file behind a link, and the link stays', async () => {
    const [dir, elsewhere] = [folder(), folder()]
    await writeFile(join(elsewhere, 'real.yaml'), SERVER.replace('PASSWORD', 'hunter22'))
    await symlink(join(elsewhere, 'real.yaml'), join(dir, 'app.yaml'))
    await load(dir)
    expect(await textOf(join(elsewhere, 'real.yaml'))).toContain('password: encrypted:x1.')
    expect((await load(dir)).config.database.connection.password).toBe('hunter22')
  })

  it.runIf(isPosix && process.getuid?.() !== 0)('in a folder that takes no writes is a warning', async () => {
    const elsewhere = folder()
    const file = join(elsewhere, 'conf', 'app.yaml')
    await mkdir(join(elsewhere, 'conf'))
    await writeFile(file, SERVER.replace('PASSWORD', 'hunter22'))
    await chmod(join(elsewhere, 'conf'), 0o500)
    const { warnings } = await load(folder(), { configFile: file })
    await chmod(join(elsewhere, 'conf'), 0o700)
    expect(warnings[0]).toMatch(
      /^database\.connection\.password stays in clear in .*, which cannot be written: EACCES/,
    )
  })
})

it.runIf(isPosix)('a secret.key that others could read is closed again and reported', async () => {
  const dir = folder()
  await load(dir)
  await chmod(join(dir, 'secret.key'), 0o644)
  const { warnings } = await load(dir)
  expect(warnings).toEqual([`${join(dir, 'secret.key')} could be read by others; its rights are 0600 again`])
  expect(await modeOf(join(dir, 'secret.key'))).toBe(0o600)
})
