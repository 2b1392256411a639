import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { init, parse } from '@guanmingchiu/sqlparser-ts'
import { sql, type CompiledQuery } from 'kysely'
import { beforeAll, describe, expect, it } from 'vitest'
import { CASES, type Case } from './golden/cases.ts'
import { recorders, type Recorder } from './golden/recorder.ts'
import { fileText } from './golden/readable.ts'
import { migrationLock } from '../../src/main/data/dialects/mssql.ts'
import { sessionSettings } from '../../src/main/data/server/mssql-pool.ts'

/*
 * What each database would be sent, kept as text (golden/<dialect>/*.sql): a change of it is seen, and read, before
 * it is met on a server. SQL Server has no server in these tests: its statements are parsed besides.
 * UPDATE_GOLDEN=1 writes the files anew.
 */

const recorded = async (recorder: Recorder, cases: readonly Case[]) => {
  const all: { title: string; queries: CompiledQuery[] }[] = []
  for (const { title, run, answer } of cases)
    all.push({ title, queries: await recorder.record(() => run(recorder), answer) })
  return all
}

const isGolden = async (name: string, text: string): Promise<void> => {
  const file = new URL(`golden/${name}`, import.meta.url)
  if (process.env['UPDATE_GOLDEN'] === '1') {
    await mkdir(new URL('.', file), { recursive: true })
    await writeFile(file, text)
  }
  expect(text).toBe(await readFile(file, 'utf8'))
}

describe.each(recorders())('$name: statements', (recorder) => {
  it.each(Object.entries(CASES))('of %s are those of the golden file', async (file, cases) => {
    const text = fileText(await recorded(recorder, cases))
    await isGolden(`${recorder.name}/${file}.sql`, text)
  })
})

describe('mssql: every statement', () => {
  const recorder = recorders().find(({ name }) => name === 'mssql')
  if (!recorder) throw new Error('no recorder of SQL Server')
  beforeAll(async () => {
    await init()
  })

  it.each(Object.entries(CASES))('of %s is T-SQL', async (_file, cases) => {
    for (const { queries } of await recorded(recorder, cases))
      for (const { sql: text } of queries) expect(faultOf(text), text).toBeNull()
  })

  // Not parsed: the parser knows no `exec` whose answer is kept.
  it('of its sessions and the lock of migrations is that of the golden file', async () => {
    const batch = (text: string): CompiledQuery => sql.raw(text).compile(recorder.plain)
    const text = fileText([
      { title: 'a session is set up', queries: [batch(sessionSettings(30))] },
      {
        title: 'the lock of migrations is taken',
        queries: [migrationLock.take.compile(recorder.plain)],
      },
      {
        title: 'and given back',
        queries: [migrationLock.release.compile(recorder.plain)],
      },
    ])
    await isGolden('mssql/connection.sql', text)
  })
})

/** Other databases' words, which the parser lets pass. */
const FOREIGN = /\b(limit|returning|on conflict|for update|skip locked|substr\(|ilike|true|false)\b|::|\|\|/i
const LITERAL = /N?'(?:[^']|'')*'/g

const faultOf = (sql: string): string | null => {
  const foreign = FOREIGN.exec(sql.replace(LITERAL, "''"))
  if (foreign) return `a word of other databases: ${foreign[0]}`
  try {
    parse(parsable(sql), 'mssql')
    return null
  } catch (error) {
    return String(error)
  }
}

/** The parser knows no parameters behind `fetch next`, though the server does. */
const parsable = (sql: string): string => sql.replace(/fetch next @\d+ rows/g, 'fetch next 1 rows')
