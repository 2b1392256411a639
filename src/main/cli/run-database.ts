import type { LocalClient } from '../../shared/client/create-client.ts'
import type { CopyResult } from '../../shared/domain/database.ts'
import type { DatabaseTargetInput } from '../../shared/domain/database-target.ts'
import { AppError } from '../../shared/domain/errors.ts'
import type { Outcome } from './run-command.ts'
import { createProgress, type Terminal } from './terminal.ts'
import { copyText, migrationText } from './text.ts'

const PHASES = { copy: 'copying', verify: 'comparing' } as const

export const runMigrate = async (client: LocalClient, terminal: Terminal): Promise<Outcome> => {
  const progress = createProgress(terminal)
  progress.show('migrating…')
  try {
    const data = await client.local.database.migrate({})
    return { data, text: migrationText(data) }
  } finally {
    progress.end()
  }
}

/** Copies the node's database, table by table; ended before its end, the copy is incomplete and says so. */
export const runCopyDatabase = async (
  target: DatabaseTargetInput,
  client: LocalClient,
  terminal: Terminal,
): Promise<Outcome> => {
  const progress = createProgress(terminal)
  let result: CopyResult | null = null
  try {
    for await (const step of await client.local.database.copy({ target })) {
      if ('phase' in step) progress.show(`${PHASES[step.phase]} ${step.table} ${step.done}/${step.total}`)
      else result = step.done
    }
  } finally {
    progress.end()
  }
  if (!result) throw new AppError('UNAVAILABLE', 'The node went away before the copy had ended.')
  return { data: result, text: copyText(result) }
}
