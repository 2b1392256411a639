import { describe, expect, it } from 'vitest'
import { createInsert } from '../../src/main/data/copy/insert.ts'
import type { Value } from '../../src/main/data/copy/rows.ts'
import { rowsBetween } from '../../src/main/data/copy/rows.ts'
import { copyTables, type CopyTable } from '../../src/main/data/copy/tables.ts'
import { recorders } from './golden/recorder.ts'

/* What a copy sends: SQL Server has no server in these tests. */

const tableOf = (name: string): CopyTable => {
  const table = copyTables().find((one) => one.name === name)
  if (!table) throw new Error(`no table ${name}`)
  return table
}

const row = (table: CopyTable, value: Value): Value[] => table.columns.map(() => value)

describe.each(recorders())('$name: copy', ({ dialect, plain, record }) => {
  const inserted = (table: CopyTable, rows: Value[][]) =>
    record(() =>
      createInsert(table, dialect.copyWords, { pause: async () => {}, onRows: () => {} })(plain, rows),
    )

  it('inserts no more rows and values at once than every server takes', async () => {
    const table = tableOf('Cluster_Key')
    const sent = await inserted(table, Array<Value[]>(2500).fill(row(table, 'x')))
    const counts = sent.map(({ parameters }) => parameters.length)
    expect(counts.reduce((sum, count) => sum + count)).toBe(2500 * table.columns.length)
    expect(Math.max(...counts)).toBeLessThanOrEqual(dialect.copyWords.maxParameters)
    expect(Math.max(...counts) / table.columns.length).toBeLessThanOrEqual(1000)
  })

  it('inserts large rows one by one', async () => {
    const table = tableOf('Task_History')
    const sent = await inserted(table, [
      row(table, null),
      row(table, Buffer.alloc(2_000_000)),
      row(table, null),
    ])
    expect(sent).toHaveLength(3)
  })

  it('gives each value its place', async () => {
    const table = tableOf('Data_Change')
    const [statement] = await inserted(table, [row(table, 1), row(table, 2)])
    expect(statement?.parameters).toEqual([...row(table, 1), ...row(table, 2)])
    expect(statement?.sql).toContain('insert into "Data_Change" ("LocalSeq", "Seq", "ChangeID"')
  })

  it('reads on behind a key of two columns', async () => {
    const table = tableOf('Cluster_Key')
    const reading = { db: plain, words: dialect.copyWords, table }
    const [statement] = await record(() => rowsBetween(reading, ['k', 'n'], null, 10))
    const [, condition] = statement?.sql.replaceAll(/[`[\]]/g, '"').split(' where ') ?? []
    expect(condition?.replaceAll(/[$@]\d+/g, '?')).toMatch(
      /^\("KeyID" > \? or \("KeyID" = \? and "NodeID" > \?\)\) order by "KeyID", "NodeID"/,
    )
    expect(statement?.parameters.filter((value) => value !== 10)).toEqual(['k', 'k', 'n'])
  })
})

describe('mssql: copy', () => {
  it('gives values to the counting key, and bytes to columns of bytes', async () => {
    const mssql = recorders().find(({ name }) => name === 'mssql')
    if (!mssql) throw new Error('no SQL Server')
    const table = tableOf('Data_Change')
    const insert = createInsert(table, mssql.dialect.copyWords, { pause: async () => {}, onRows: () => {} })
    const [statement] = await mssql.record(() => insert(mssql.plain, [row(table, null)]))
    expect(statement?.sql).toMatch(
      /^set identity_insert "Data_Change" on; insert into .* set identity_insert "Data_Change" off$/,
    )
    expect(statement?.sql).toContain('@6, convert(varbinary(max), @7), convert(varbinary(max), @8), @9')
    expect(mssql.dialect.copyWords.countBehind('Data_Change', 'LocalSeq', 9)).toEqual([
      "dbcc checkident ('Data_Change', reseed, 9) with no_infomsgs",
    ])
  })
})
