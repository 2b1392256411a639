import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { nodeRights } from '../../src/main/data/dialects/node-rights.ts'

/*
 * The scripts of resources/sql as texts. PostgreSQL's and MariaDB's are run, too (roles.test.ts); SQL Server's are not
 * run by anything here.
 */

const SCRIPTS = new URL('../../resources/sql/', import.meta.url)
const textOf = (path: string): Promise<string> => readFile(new URL(path, SCRIPTS), 'utf8')

/** `SELECT Tasks`, of each grant to tables: `grant select, update ("Seq") on "Data_Change" to …`. */
const grantsIn = (text: string): Set<string> => {
  // MySQL's are put together from pieces: `grant select', @in, '`Tasks` to `.
  const statements = text.replaceAll(/^--.*$/gm, '').replaceAll(`', @in, '`, ' on ')
  const grants = statements.matchAll(/\bgrant ([\w, ()"`]+?) on ([\w., "`]+?)\s*(\([^)]*\))?\s* to /g)
  const found = [...grants].flatMap(([, rights = '', tables = '']) =>
    rights
      .replaceAll(/\([^)]*\)/g, '')
      .split(',')
      .flatMap((right) =>
        tables
          .split(',')
          .map((table) => `${right.trim().toUpperCase()} ${table.replaceAll(/dbo\.|["`\s]/g, '')}`),
      ),
  )
  return new Set(found.filter((grant) => /^(SELECT|INSERT|UPDATE|DELETE) [A-Z]/.test(grant)))
}

const needed = nodeRights.map(({ table, right }) => `${right} ${table}`)

describe('resources/sql', () => {
  it.each([
    // Its triggers write the log with the rights of whoever writes.
    ['postgres', [...needed, 'INSERT Data_Change']],
    ['mysql', needed],
    // It locks rows for whoever may read them.
    ['mssql', needed.filter((grant) => grant !== 'UPDATE Cluster_Info')],
  ])('%s gives a node what it needs, and nothing else', async (folder, expected) => {
    expect([...grantsIn(await textOf(`${folder}/2-rights.sql`))].sort()).toEqual([...expected].sort())
  })

  it.each(['1-accounts.sql', '2-rights.sql'])('mssql/%s sets every variable that it uses', async (script) => {
    const text = await textOf(`mssql/${script}`)
    const set = [...text.matchAll(/^:setvar (\w+) /gm)].map(([, name]) => name)
    const fromEnvironment = ['MigratePassword', 'NodePassword']
    const used = new Set([...text.matchAll(/\$\((\w+)\)/g)].map(([, name]) => name))
    expect([...used].filter((name) => !set.includes(name) && !fromEnvironment.includes(name ?? ''))).toEqual(
      [],
    )
    expect(set.filter((name) => !used.has(name))).toEqual([])
  })
})
