import { resolve } from 'node:path'
import type { LocalClient } from '../../shared/client/create-client.ts'
import { AppError } from '../../shared/domain/errors.ts'
import type { ImportResult } from '../../shared/domain/import-result.ts'
import type { Command } from './commands.ts'
import type { Outcome } from './run-command.ts'
import { createProgress, type Terminal } from './terminal.ts'
import { importText } from './text.ts'

type ImportCommand = Extract<Command, { name: 'import' }>

/** Exit 1 when nothing at all could be imported: single entries that are skipped are named, not fatal. */
const exitCodeFor = ({ created, updated, unchanged, skipped }: ImportResult): 0 | 1 =>
  skipped > 0 && created + updated + unchanged === 0 ? 1 : 0

/** Imports files of this machine through the node, showing each entry as it is planned or done. */
export const runImport = async (
  { paths, dryRun, cron, addScriptRoot }: ImportCommand,
  client: LocalClient,
  terminal: Terminal,
  workingDir: string,
): Promise<Outcome> => {
  const progress = createProgress(terminal)
  const absolute = paths.map((path) => resolve(workingDir, path))
  let result: ImportResult | null = null
  try {
    const steps = await client.local.importPaths({ paths: absolute, dryRun, cron, addScriptRoot })
    for await (const step of steps) {
      if ('result' in step) result = step.result
      else progress.show(`${step.done}/${step.total} ${step.item.name ?? step.item.source}`)
    }
  } finally {
    progress.end()
  }
  if (!result) throw new AppError('UNAVAILABLE', 'The node went away before the import had ended.')
  return { data: result, text: importText(result, dryRun), exitCode: exitCodeFor(result) }
}
