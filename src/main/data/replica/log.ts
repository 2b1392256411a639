import { CompiledQuery } from 'kysely'
import type { Selectable } from 'kysely'
import { tableColumns } from '../columns.ts'
import type { Tx } from '../db.ts'
import type { Tables } from '../entities/index.ts'
import { chunksOf } from './chunks.ts'
import type { Stored } from './rows.ts'

/** A change as the cluster database has it. */
export type ChangeRecord = Selectable<Tables['Data_Change']>

/**
 * Adds changes to the replica's log as the cluster wrote them; LocalSeq is the replica's own. One that is there
 * without a number, as a bootstrap found it, gets its number.
 */
export const appendLog = async (tx: Tx, changes: readonly ChangeRecord[]): Promise<void> => {
  const columns = tableColumns('Data_Change').filter(({ primary }) => !primary)
  const names = columns.map(({ column }) => `"${column}"`).join(', ')
  const tuple = `(${columns.map(() => '?').join(', ')})`
  for (const rows of chunksOf(changes)) {
    const values = rows.flatMap((row) => {
      const fields: Record<string, unknown> = row
      return columns.map(({ property }) => fields[property] as Stored)
    })
    const text =
      `insert into "Data_Change" (${names}) values ${rows.map(() => tuple).join(', ')} ` +
      `on conflict ("ChangeID") do update set "Seq" = excluded."Seq"`
    await tx.executeQuery(CompiledQuery.raw(text, values))
  }
}

/** Changes whose records a bootstrap brought before they had a number. */
export const changesWithoutNumber = async (tx: Tx): Promise<Set<string>> => {
  const rows = await tx.selectFrom('Data_Change').select('changeId').where('seq', 'is', null).execute()
  return new Set(rows.map((row) => row.changeId))
}
