import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { Variables } from '../config/environment.ts'
import { readTargetFile } from '../config/target-file.ts'
import type { LocalClient } from '../../shared/client/create-client.ts'
import type { DatabaseTargetInput } from '../../shared/domain/database-target.ts'
import { AppError, messageOf } from '../../shared/domain/errors.ts'
import { EXPORT_FORMAT } from '../../shared/domain/import/source-kind.ts'
import { writeFileAtomic } from '../platform/write-file.ts'
import type { Command } from './commands.ts'
import type { Connection } from './connect.ts'
import { readPassphrase } from './passphrase.ts'
import { runCopyDatabase, runMigrate } from './run-database.ts'
import { runImport } from './run-import.ts'
import { isJoining, readToken, runJoining } from './run-joining.ts'
import { createProgress, type Terminal } from './terminal.ts'
import { createdTokenText, doctorText, failureText, importText, samplesText, tokensText } from './text.ts'
import { exitCodeOf, UsageError } from './usage-error.ts'

export interface CommandDeps {
  connect(): Promise<Connection>
  terminal: Terminal
  json: boolean
  /** Paths are meant from where the person stands, not from where the node was started. */
  workingDir: string
  /** PSWEBHOST_PASSPHRASE. */
  passphrase: string | null
  /** Of the person's shell, for `${NAME}` in a file they name. */
  variables: Variables
}

/** A command with the file it names read. */
type Ready =
  Exclude<Command, { name: 'copy-database' }> | { name: 'copy-database'; target: DatabaseTargetInput }

/** What a command answers: the machine form, the human one, and whether it went well. */
export interface Outcome {
  data: unknown
  text: string
  exitCode?: 0 | 1
}

/**
 * Runs one sub-command: result on stdout (`--json`: one JSON document), everything else on stderr.
 * @returns the exit code: 0, 1 (something failed, named), 2 (bad option), 3 (no folder or database).
 */
export const runCommand = async (command: Command, deps: CommandDeps): Promise<number> => {
  const { terminal, json } = deps
  let connection: Connection | null = null
  try {
    const passphrase = await passphraseFor(command, deps)
    const ready = await readyOf(command, deps)
    connection = await deps.connect()
    const { data, text, exitCode = 0 } = await perform(ready, connection.client, passphrase, deps)
    terminal.out(json ? `${JSON.stringify(data, null, 2)}\n` : text)
    return exitCode
  } catch (error) {
    terminal.err(failureText(error))
    if (json) terminal.out(`${JSON.stringify({ error: failureOf(error) }, null, 2)}\n`)
    return exitCodeOf(error)
  } finally {
    await connection?.close()
  }
}

const failureOf = (error: unknown): object => ({
  code: error instanceof AppError ? error.code : exitCodeOf(error) === 2 ? 'BAD_REQUEST' : 'INTERNAL',
  detail: messageOf(error),
  ...(error instanceof AppError && error.issues && { errors: error.issues }),
})

/** Before anything is opened, too: what is wrong with the file is said at once. */
const readyOf = async (
  command: Command,
  { workingDir, variables, terminal }: CommandDeps,
): Promise<Ready> => {
  if (command.name === 'copy-database')
    return { name: command.name, target: await readTargetFile(resolve(workingDir, command.to), variables) }
  if (command.name === 'join') return { name: command.name, token: await readToken(command.token, terminal) }
  return command
}

/** Asked for before anything is opened: nobody should type it for a command that then cannot start. */
const passphraseFor = async (command: Command, deps: CommandDeps): Promise<string | null> => {
  const sources = { variable: deps.passphrase, terminal: deps.terminal }
  if (command.name === 'restore')
    // A backup without a key needs none, and only the node can tell: nobody is asked here.
    return readPassphrase(
      { ...sources, file: command.passphraseFile, terminal: silent(deps.terminal) },
      false,
    )
  if (command.name !== 'backup' || !command.withKey) return null
  const passphrase = await readPassphrase({ ...sources, file: command.passphraseFile }, true)
  if (!passphrase)
    throw new UsageError('--with-key needs a passphrase; set PSWEBHOST_PASSPHRASE or use --passphrase-file')
  return passphrase
}

const silent = (terminal: Terminal): Terminal => ({ ...terminal, askSecret: null })

const perform = async (
  command: Ready,
  client: LocalClient,
  passphrase: string | null,
  deps: CommandDeps,
): Promise<Outcome> => {
  const { terminal, workingDir } = deps
  if (isJoining(command)) return runJoining(command, client)
  switch (command.name) {
    case 'import':
      return runImport(command, client, terminal, workingDir)
    case 'export':
      return runExport(command.file, client, workingDir)
    case 'token create': {
      const name = command.tokenName === null ? {} : { name: command.tokenName }
      const data = await client.tokens.create({ role: command.role, ...name })
      return { data, text: createdTokenText(data) }
    }
    case 'token list': {
      const data = await client.tokens.list({})
      return { data, text: tokensText(data.items) }
    }
    case 'token revoke':
      await client.tokens.revoke({ tokenId: command.tokenId })
      return { data: { revoked: command.tokenId }, text: `Revoked ${command.tokenId}.\n` }
    case 'doctor': {
      const data = await busy(terminal, 'looking…', () => client.local.doctor({ fix: command.fix }))
      return { data, text: doctorText(data, command.fix), exitCode: data.ok ? 0 : 1 }
    }
    case 'backup': {
      const input = { file: resolve(workingDir, command.file), ...(passphrase !== null && { passphrase }) }
      const data = await busy(terminal, 'copying…', () => client.local.backup(input))
      return { data, text: `Wrote ${data.file} (${data.bytes} bytes).\n` }
    }
    case 'restore':
      return runRestore(resolve(workingDir, command.file), client, passphrase, terminal)
    case 'migrate':
      return runMigrate(client, terminal)
    case 'copy-database':
      return runCopyDatabase(command.target, client, terminal)
    case 'sample list': {
      const data = await client.samples.list({})
      return { data, text: samplesText(data.items) }
    }
    case 'sample import': {
      const data = await client.samples.import({ names: command.names })
      return { data, text: importText(data, false) }
    }
  }
}

const busy = async <T>(terminal: Terminal, what: string, work: () => Promise<T>): Promise<T> => {
  const progress = createProgress(terminal)
  progress.show(what)
  try {
    return await work()
  } finally {
    progress.end()
  }
}

/** An older export may be replaced; a key, a database or anything else must not be lost to a slip of the hand. */
const refuseForeignFile = async (file: string): Promise<void> => {
  const present = await readFile(file, 'utf8').catch(() => '')
  if (present === '' || present.slice(0, 1000).includes(EXPORT_FORMAT)) return
  throw new UsageError(`${file} is there already and is no export; name another file`)
}

/** stdout gets the document itself, with `--json` or without: it is JSON already. */
const runExport = async (file: string | null, client: LocalClient, workingDir: string): Promise<Outcome> => {
  const document = await client.tasks.export({})
  const text = `${JSON.stringify(document, null, 2)}\n`
  if (file === null) return { data: document, text }
  const target = resolve(workingDir, file)
  await refuseForeignFile(target)
  await writeFileAtomic(target, text)
  const count = document.tasks.length
  return { data: { file: target, tasks: count }, text: `Wrote ${count} tasks to ${target}.\n` }
}

/** The node says when the backup's key needs a passphrase; a person at a terminal is then asked for it. */
const runRestore = async (
  file: string,
  client: LocalClient,
  passphrase: string | null,
  terminal: Terminal,
): Promise<Outcome> => {
  const attempt = (given: string | null) =>
    busy(terminal, 'restoring…', () =>
      client.local.restore({ file, ...(given !== null && { passphrase: given }) }),
    )
  let data
  try {
    data = await attempt(passphrase)
  } catch (error) {
    if (passphrase !== null || !terminal.askSecret || !wantsPassphrase(error)) throw error
    data = await attempt(await terminal.askSecret('Passphrase of the backup: '))
  }
  return { data, text: `Restored ${data.restoredFrom}.\n` }
}

const wantsPassphrase = (error: unknown): boolean =>
  error instanceof AppError && (error.issues ?? []).some(({ path }) => path[0] === 'passphrase')
