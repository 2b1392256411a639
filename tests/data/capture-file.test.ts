import Sqlite from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { fileDatabases, fileOf } from '../support/databases.ts'
import { changesOf } from './changes.ts'
import { taskRow } from './rows.ts'

const ROOT = { actor: 'local:root' }

describe.each(fileDatabases())('$name: change capture of a file', ({ open }) => {
  it('captures the delete that an INSERT OR REPLACE does on the way', async () => {
    const db = await open()
    const [first, second] = [taskRow(), taskRow()]
    await db.write(ROOT, async (tx) => {
      await tx.insertInto('Tasks').values(first).execute()
      await tx.insertInto('Tasks').values(second).orReplace().execute()
    })
    const [, ...changes] = await changesOf(db)
    expect(changes.map((change) => `${change.action} ${change.recordId}`).sort()).toEqual(
      [`DELETE ${first.taskId}`, `INSERT ${second.taskId}`].sort(),
    )
  })

  it('refuses the write of a connection that lacks our functions', async () => {
    const db = await open()
    await db.write(ROOT, (tx) => tx.insertInto('Tasks').values(taskRow()).execute())
    const plain = new Sqlite(fileOf(db).path)
    expect(() => plain.exec(`update "Tasks" set "Enabled" = 0`)).toThrow('no such function: capture')
    expect(() => plain.exec(`delete from "Tasks"`)).toThrow('no such function: capture')
    plain.close()
    expect(await db.read.selectFrom('Tasks').select('enabled').execute()).toEqual([{ enabled: true }])
  })
})
