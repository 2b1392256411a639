import { readFile } from 'node:fs/promises'
import { messageOf } from '../../shared/domain/errors.ts'
import type { Terminal } from './terminal.ts'
import { UsageError } from './usage-error.ts'

export interface PassphraseSources {
  file: string | null
  /** PSWEBHOST_PASSPHRASE. */
  variable: string | null
  terminal: Terminal
}

/**
 * The passphrase of a backup's key: from the file, the variable, or the person at the terminal; null when there
 * is none of these. Never from an argument: those are seen by every user of the machine.
 * @param confirm ask twice: a mistyped one would make the backup's key useless.
 */
export const readPassphrase = async (
  { file, variable, terminal }: PassphraseSources,
  confirm: boolean,
): Promise<string | null> => {
  if (file !== null) return fromFile(file)
  if (variable) return variable
  if (!terminal.askSecret) return null
  const first = await terminal.askSecret('Passphrase: ')
  if (confirm && (await terminal.askSecret('Again: ')) !== first)
    throw new UsageError('the two passphrases differ; nothing was written')
  return first
}

/** The first line: editors end a file with a newline that is not meant. */
const fromFile = async (file: string): Promise<string> => {
  try {
    return (await readFile(file, 'utf8')).split(/\r?\n/, 1)[0] ?? ''
  } catch (error) {
    throw new UsageError(`--passphrase-file has "${file}"; it may be a readable file (${messageOf(error)})`)
  }
}
