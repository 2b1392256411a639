import type { Command as Program } from 'commander'
import { ROLES, type Role } from '../../shared/domain/role.ts'
import type { Command } from './commands.ts'
import { badOption, UsageError } from './usage-error.ts'

type Found = (command: Command) => void

const oneOf =
  <const T extends readonly string[]>(option: string, words: T) =>
  (text: string): T[number] => {
    const word = words.find((candidate) => candidate === text)
    if (word === undefined) throw badOption(option, text, words.join(', '))
    return word
  }

const PASSPHRASE_FILE = 'read the passphrase from a file instead of asking (or set PSWEBHOST_PASSPHRASE)'

const addImport = (program: Program, found: Found): void => {
  program
    .command('import')
    .description('import tasks of a PSWebHost installation or an export: files or an installation’s folder')
    .argument('<path...>')
    .option('--dry-run', 'say what would happen and change nothing')
    .option(
      '--cron <reading>',
      'how ambiguous cron expressions are read: standard or legacy (default: standard)',
      oneOf('--cron', ['standard', 'legacy']),
    )
    .option('--add-script-root', "let the installation's scripts be run from where they are")
    .action(
      (paths: string[], options: { dryRun?: true; cron?: 'standard' | 'legacy'; addScriptRoot?: true }) =>
        found({
          name: 'import',
          paths,
          dryRun: options.dryRun ?? false,
          cron: options.cron ?? 'standard',
          addScriptRoot: options.addScriptRoot ?? false,
        }),
    )
}

const addTokens = (program: Program, found: Found): void => {
  const token = program.command('token').description('create, list and revoke API tokens')
  token
    .command('create')
    .description('create a token; its text is printed once')
    .option('--role <role>', `what it may do: ${ROLES.join(', ')}`, oneOf('--role', ROLES))
    .option('--name <name>', 'a name to know it by')
    .action(({ role, name }: { role?: Role; name?: string }) => {
      if (!role) throw new UsageError(`--role is missing; it may be ${ROLES.join(', ')}`)
      found({ name: 'token create', role, tokenName: name ?? null })
    })
  token
    .command('list')
    .description('list tokens, without their text')
    .action(() => found({ name: 'token list' }))
  token
    .command('revoke')
    .description('make a token useless from now on')
    .argument('<id>')
    .action((tokenId: string) => found({ name: 'token revoke', tokenId }))
}

const MOST_MINUTES = 10_080

const parseMinutes = (text: string): number => {
  const minutes = Number(text)
  if (!/^\d{1,5}$/.test(text) || minutes < 1 || minutes > MOST_MINUTES)
    throw badOption('--expires', text, `a number of minutes from 1 to ${MOST_MINUTES}`)
  return minutes
}

const addJoining = (program: Program, found: Found): void => {
  const token = program.command('join-token').description('let a new node into the cluster')
  token
    .command('create')
    .description('create a token for one newcomer; its text is printed once')
    .option('--expires <minutes>', 'how long it is good for (default: 60)', parseMinutes)
    .action(({ expires }: { expires?: number }) =>
      found({ name: 'join-token create', expiresInMinutes: expires ?? null }),
    )
  token
    .command('list')
    .description('list join tokens, without their text')
    .action(() => found({ name: 'join-token list' }))
  token
    .command('revoke')
    .description('make a join token useless from now on')
    .argument('<id>')
    .action((joinTokenId: string) => found({ name: 'join-token revoke', joinTokenId }))
  program
    .command('join')
    .description('take the cluster key with a join token; app.yaml names the database of the cluster')
    .argument('<token>', 'what join-token create printed; - reads it from standard input')
    .action((text: string) => found({ name: 'join', token: text }))
}

const addKeeping = (program: Program, found: Found): void => {
  program
    .command('doctor')
    .description('look for what is wrong with this node and its database')
    .option('--fix', 'repair what can be repaired')
    .action(({ fix }: { fix?: true }) => found({ name: 'doctor', fix: fix ?? false }))
  program
    .command('backup')
    .description('copy the database to a file, also while the node runs')
    .argument('<file>')
    .option('--with-key', 'include the key of secret values, under a passphrase')
    .option('--passphrase-file <file>', PASSPHRASE_FILE)
    .action((file: string, { withKey, passphraseFile }: { withKey?: true; passphraseFile?: string }) =>
      found({ name: 'backup', file, withKey: withKey ?? false, passphraseFile: passphraseFile ?? null }),
    )
  program
    .command('restore')
    .description('put a backup in place of the database')
    .argument('<file>')
    .option('--passphrase-file <file>', PASSPHRASE_FILE)
    .action((file: string, { passphraseFile }: { passphraseFile?: string }) =>
      found({ name: 'restore', file, passphraseFile: passphraseFile ?? null }),
    )
}

const addDatabase = (program: Program, found: Found): void => {
  program
    .command('migrate')
    .description('bring the schema of the cluster database up to this program; back it up first')
    .action(() => found({ name: 'migrate' }))
  program
    .command('copy-database')
    .description('copy the cluster database to another one, which must be empty, and compare the two')
    .option('--to <config>', 'a file with a database group, like app.yaml, that names it')
    .action(({ to }: { to?: string }) => {
      if (!to?.trim())
        throw new UsageError('--to is missing; it may be a file with a database group, like app.yaml')
      found({ name: 'copy-database', to })
    })
}

const addSamples = (program: Program, found: Found): void => {
  const sample = program.command('sample').description('ready-made tasks')
  sample
    .command('list')
    .description('list them')
    .action(() => found({ name: 'sample list' }))
  sample
    .command('import')
    .description('create tasks from them, by name')
    .argument('<name...>')
    .action((names: string[]) => found({ name: 'sample import', names }))
}

/** The sub-commands there are. One that does not exist yet must not be promised here. */
export const addCommands = (program: Program, found: Found): void => {
  addImport(program, found)
  program
    .command('export')
    .description('write every task as one JSON document, to a file or to stdout')
    .argument('[file]')
    .action((file?: string) => found({ name: 'export', file: file ?? null }))
  addTokens(program, found)
  addJoining(program, found)
  addKeeping(program, found)
  addDatabase(program, found)
  addSamples(program, found)
}
