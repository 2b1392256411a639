import { describe, expect, it } from 'vitest'
import type { Parsed } from '../../src/main/cli/commands.ts'
import { parseCommandLine } from '../../src/main/cli/options.ts'
import { UsageError } from '../../src/main/cli/usage-error.ts'

const run = (line: string): { parsed: Parsed; printed: string } => {
  let printed = ''
  const print = (text: string): void => void (printed += text)
  const parsed = parseCommandLine(line.split(' ').filter(Boolean), { version: '1.2.3', print })
  return { parsed, printed }
}

const refusal = (line: string): string => {
  try {
    run(line)
  } catch (error) {
    expect(error).toBeInstanceOf(UsageError)
    const { message, exitCode } = error as UsageError
    expect(exitCode).toBe(2)
    expect(message).not.toContain('\n')
    return message
  }
  throw new Error(`${line} was accepted`)
}

describe('the command line', () => {
  it('starts a node when no command is named', () => {
    const nothing = {
      headless: false,
      data: null,
      config: null,
      host: null,
      port: null,
      insecure: false,
      json: false,
    }
    expect(run('').parsed).toEqual({ kind: 'start', options: nothing })
    expect(run('--headless --data D --config C --host ::1 --port 0 --insecure').parsed).toEqual({
      kind: 'start',
      options: { ...nothing, headless: true, data: 'D', config: 'C', host: '::1', port: 0, insecure: true },
    })
    expect(run('--port=8080').parsed).toMatchObject({ options: { port: 8080 } })
  })

  it.each([
    [
      'import a b',
      { name: 'import', paths: ['a', 'b'], dryRun: false, cron: 'standard', addScriptRoot: false },
    ],
    [
      'import a --dry-run --cron legacy --add-script-root',
      { dryRun: true, cron: 'legacy', addScriptRoot: true },
    ],
    ['export', { name: 'export', file: null }],
    ['export out.json', { name: 'export', file: 'out.json' }],
    ['token create --role viewer', { name: 'token create', role: 'viewer', tokenName: null }],
    ['token create --role admin --name ci', { role: 'admin', tokenName: 'ci' }],
    ['token list', { name: 'token list' }],
    ['token revoke 0190', { name: 'token revoke', tokenId: '0190' }],
    ['doctor', { name: 'doctor', fix: false }],
    ['doctor --fix', { name: 'doctor', fix: true }],
    ['backup b.db', { name: 'backup', file: 'b.db', withKey: false, passphraseFile: null }],
    ['backup b.db --with-key --passphrase-file p', { withKey: true, passphraseFile: 'p' }],
    ['restore b.db', { name: 'restore', file: 'b.db', passphraseFile: null }],
    ['migrate', { name: 'migrate' }],
    ['copy-database --to new.yaml', { name: 'copy-database', to: 'new.yaml' }],
    ['sample list', { name: 'sample list' }],
    [
      'sample import disk-space certificates',
      { name: 'sample import', names: ['disk-space', 'certificates'] },
    ],
  ])('understands: %s', (line, command) => {
    expect(run(line).parsed).toMatchObject({ kind: 'command', command })
  })

  it('takes common options before and after the command', () => {
    const options = { data: 'D', config: null, json: true }
    expect(run('--data D --json token list').parsed).toMatchObject({ options })
    expect(run('token list --data D --json').parsed).toMatchObject({ options })
    expect(run('doctor --json --fix --data D').parsed).toMatchObject({ options, command: { fix: true } })
  })

  it.each([
    ['--port 99999', '--port has "99999"; it may be a whole number from 0 (any free one) to 65535'],
    ['--port abc', '--port has "abc"; it may be'],
    ['--port -1', '--port has "-1"'],
    ['--prot 80', '--prot is not known; did you mean --port?'],
    ['--frobnicate', '--frobnicate is not known; it may be --version, --headless, --data'],
    ['--port', '--port'],
    ['token create', '--role is missing; it may be viewer, operator, admin'],
    ['token create --role root', '--role has "root"; it may be viewer, operator, admin'],
    ['import', 'PATH is missing'],
    ['import x --cron modern', '--cron has "modern"; it may be standard, legacy'],
    ['import x --dryrun', '--dryrun is not known; did you mean --dry-run?'],
    ['frobnicate', '"frobnicate" is not a command; it may be import, export'],
    ['token frobnicate', '"frobnicate" is not a command; it may be create, list, revoke'],
    ['export a b', 'export was given more arguments than it takes'],
    ['doctor --port 80', '--port is for starting a node'],
    ['token list --headless', '--headless is for starting a node'],
    ['migrate now', 'migrate was given more arguments than it takes'],
    ['migrate --port 80', '--port is for starting a node'],
    ['copy-database', '--to is missing; it may be a file with a database group'],
    ['copy-database --to', '--to'],
    ['copy-database --too x', '--too is not known; did you mean --to?'],
    ['copy-database new.yaml', 'copy-database was given more arguments than it takes'],
    ['join-tokens create', '"join-tokens" is not a command'],
    ['join', 'TOKEN is missing'],
    ['join-token create --expires 0', '--expires has "0"; it may be a number of minutes from 1 to 10080'],
  ])('refuses with one line: %s', (line, message) => {
    expect(refusal(line)).toContain(message)
  })

  it('prints help for itself and for each command, and its version', () => {
    const help = run('--help')
    expect(help.parsed).toEqual({ kind: 'printed' })
    for (const word of ['--headless', '--data', '--config', '--host', '--port', '--insecure', '--json'])
      expect(help.printed).toContain(word)
    for (const word of ['import', 'export', 'token', 'doctor', 'backup', 'restore', 'sample'])
      expect(help.printed).toContain(word)
    for (const word of ['migrate', 'copy-database']) expect(help.printed).toContain(word)
    for (const word of ['join-token', 'join']) expect(help.printed).toContain(word)
    expect(run('import --help').printed).toMatch(/--dry-run[\s\S]*--cron[\s\S]*--data/)
    expect(run('token create --help').printed).toContain('viewer, operator, admin')
    expect(run('--version').printed).toBe('1.2.3\n')
  })

  it('prints the commands of a group that is named alone', () => {
    expect(refusal('token')).toContain('create, list, revoke')
  })
})
