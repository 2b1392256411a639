import { createHash } from 'node:crypto'
import Sqlite from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { capturedTable } from '../../src/main/data/capture.ts'
import { decodeImageBytes } from '../../src/main/data/codec.ts'
import { mssql } from '../../src/main/data/dialects/mssql.ts'
import { steps } from '../../src/main/data/migrations/index.ts'
import { fileDatabases, fileOf } from '../support/databases.ts'
import { taskRow } from './rows.ts'

/*
 * There is no SQL Server here. The expressions that its trigger makes images and digests of are T-SQL that SQLite
 * reads as well, but for casts and `string_escape`, which is played here by its documentation: what they give is held
 * against what SQLite's own trigger logged of the same row.
 */

const [trigger] = mssql.captureObjects([capturedTable('Tasks')], steps.length)
const text = trigger?.text ?? ''

const between = (start: string, end: string): string => {
  const from = text.indexOf(start) + start.length
  return text.slice(from, text.indexOf(end, from))
}

const inSqlite = (expression: string): string =>
  expression
    .replace(/as nvarchar\(\w+\)\)( collate \w+)?/g, 'as text)')
    .replace(/\bN'/g, "'")
    .replace(/\[(\w+)\]/g, '"$1"')

const SHORT: Partial<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '/': '\\/',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
}

/** T-SQL's: reads no NULL here, and escapes `/` as well. */
const stringEscape = (value: unknown): string =>
  // eslint-disable-next-line no-control-regex -- it is these that are escaped
  String(value).replace(/["\\/\u0000-\u001f]/g, (char) => {
    return SHORT[char] ?? `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`
  })

describe.each(fileDatabases())('SQL Server beside $name: the capture trigger', ({ open }) => {
  it('makes the images and digests that SQLite makes', async () => {
    const db = await open()
    const row = taskRow({
      taskName: 'C:\\jobs/"nightly" Ünï 😀',
      description: 'a\\/b\r\n\tc\u0001',
      timeout: null,
      schedule: '*/5 * * * *',
      tags: ['a/b', "o'hara", '\\'],
    })
    await db.write({ actor: "local:o'hara", reason: 'a/b\n' }, (tx) =>
      tx.insertInto('Tasks').values(row).execute(),
    )
    const [change] = await db.read.selectFrom('Data_Change').selectAll().execute()
    if (!change?.newData) throw new Error('nothing was logged')
    const logged = decodeImageBytes(change.newData)
    if (!logged.ok) throw new Error(logged.reason)

    const file = new Sqlite(fileOf(db).path, { readonly: true })
    file.function('string_escape', (value, _kind) => stringEscape(value))
    const image = inSqlite(between('case when i.[TaskID] is not null then ', ' end\n  from inserted'))
    const made = file.prepare(`select ${image} from Tasks as i`).pluck().get()
    expect(made).toBe(logged.text)

    const digested = inSqlite(between('set digested = ', ';\n  insert'))
    const array = file
      .prepare(
        `select ${digested} from (select $id as change_id, $record as record_id, 'INSERT' as change_action, null as old_text, $image as new_text)`,
      )
      .pluck()
      .get({
        ...{ id: change.changeId, record: change.recordId, image: logged.text, actor: change.changedBy },
        ...{ time: change.changedAt, node: change.nodeId, reason: change.changeReason },
        ...{ transaction: change.transactionId, origin: change.origin },
      })
    file.close()
    expect(createHash('sha256').update(String(array)).digest('hex')).toBe(change.digest)
  })

  it('is told from others by its own text, made anew as a whole', () => {
    expect(trigger?.create).toEqual([text])
    expect(text).toMatch(/^create trigger \[capture_Tasks\] on \[Tasks\] after insert, update, delete as\n/)
    // The catalogue keeps another text of `create or alter`.
    expect(text).not.toMatch(/create or alter/i)
    expect(trigger?.drop).toBe('drop trigger if exists [capture_Tasks]')
  })

  it('leaves an update alone that names no captured column', () => {
    const [schedule] = mssql.captureObjects([capturedTable('Task_Schedule')], steps.length)
    expect(schedule?.text).toContain(
      'and not (update([ScheduleID]) or update([TaskID]) or update([NodeID])) return;',
    )
  })
})
