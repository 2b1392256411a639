import { steps } from '../../src/main/data/migrations/index.ts'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { backupDatabase, restoreDatabase, verifyBackup } from '../../src/main/data/backup.ts'
import { readInfo } from '../../src/main/data/cluster-info.ts'
import type { OpenDatabase } from '../../src/main/data/db.ts'
import { createDatabase } from '../../src/main/data/orm.ts'
import { openSqlite } from '../../src/main/data/sqlite/open-sqlite.ts'
import { fileDatabases, fileOf, READER_ENTRY, sqliteOptions } from '../support/databases.ts'
import { nodeRow, runRow, taskRow } from './rows.ts'

const OPTIONS = { readerEntry: READER_ENTRY }
const SYSTEM = { actor: 'system' }

const names = async (db: OpenDatabase): Promise<string[]> =>
  (await db.read.selectFrom('Tasks').select('taskName').orderBy('taskName').execute()).map(
    (row) => row.taskName,
  )

const addTask = (db: OpenDatabase, taskName: string) =>
  db.write(SYSTEM, (tx) => tx.insertInto('Tasks').values(taskRow({ taskName })).execute())

describe.each(fileDatabases())('$name: backup', ({ open }) => {
  it('copies one sound state while the node writes on', async () => {
    const db = await open()
    await addTask(db, 'before')
    await db.write(SYSTEM, async (tx) => {
      for (let i = 0; i < 400; i += 1) {
        await tx
          .insertInto('Task_History')
          .values(runRow({ output: Buffer.alloc(50_000, i) }))
          .execute()
      }
    })
    const target = join(dirname(fileOf(db).path), 'backup.db')
    let backingUp = true
    let written = 0
    const writing = (async () => {
      while (backingUp) {
        await addTask(db, `during ${(written += 1)}`)
        await sleep(2)
      }
    })()
    const progress: number[] = []
    const facts = await backupDatabase(db, target, OPTIONS, ({ remainingPages }) =>
      progress.push(remainingPages),
    )
    backingUp = false
    await writing
    expect(written).toBeGreaterThan(1)
    expect(progress.length).toBeGreaterThan(1)
    expect(facts).toMatchObject({
      databaseId: await readInfo(db.read, 'DatabaseID'),
      schemaVersion: steps.length,
    })
    expect(statSync(target).mode & 0o777).toBe(0o600)
    expect(readdirSync(dirname(target)).filter((name) => name.startsWith('backup.db'))).toEqual(['backup.db'])
    const copy = openSqlite({ path: target, readonly: true })
    const tasks = copy.prepare<[], { n: number }>('select count(*) as n from "Tasks"').get()
    const changes = copy.prepare<[], { n: number }>('select count(*) as n from "Data_Change"').get()
    expect(tasks).toEqual(changes)
    copy.close()
  })

  it('replaces an older backup only once the new one is whole', async () => {
    const db = await open()
    const target = join(dirname(fileOf(db).path), 'backup.db')
    await backupDatabase(db, target, OPTIONS)
    await addTask(db, 'later')
    await backupDatabase(db, target, OPTIONS)
    const copy = openSqlite({ path: target, readonly: true })
    expect(copy.prepare('select "TaskName" from "Tasks"').all()).toEqual([{ TaskName: 'later' }])
    copy.close()
  })

  it('says which folder it cannot write to', async () => {
    const db = await open()
    await expect(backupDatabase(db, '/nowhere/backup.db', OPTIONS)).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      message: expect.stringContaining('/nowhere/backup.db.part') as string,
    })
  })

  it('finds damage in a copy', async () => {
    const db = await open()
    for (let i = 0; i < 50; i += 1) await addTask(db, `task ${i}`)
    const target = join(dirname(fileOf(db).path), 'backup.db')
    await backupDatabase(db, target, OPTIONS)
    const bytes = await readFile(target)
    bytes.fill(0xff, 5 * 4096, 20 * 4096)
    await writeFile(target, bytes)
    await expect(verifyBackup(target, OPTIONS)).rejects.toMatchObject({ code: 'UNAVAILABLE' })
  })

  it('refuses a database of something else, and a file that is none', async () => {
    const db = await open()
    const other = join(dirname(fileOf(db).path), 'other.db')
    const foreign = openSqlite({ path: other })
    foreign.exec('create table "Cluster_Info" ("InfoKey" text, "InfoValue" text)')
    foreign.close()
    await expect(verifyBackup(other, OPTIONS)).rejects.toMatchObject({ code: 'BAD_REQUEST' })
    await writeFile(other, 'x'.repeat(5000))
    await expect(verifyBackup(other, OPTIONS)).rejects.toMatchObject({ code: 'UNAVAILABLE' })
    await expect(verifyBackup(`${other}.gone`, OPTIONS)).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })
})

describe.each(fileDatabases())('$name: restore', ({ open }) => {
  const prepared = async () => {
    const db = await open()
    await addTask(db, 'kept')
    const { path } = fileOf(db)
    const source = join(dirname(path), 'backup.db')
    const facts = await backupDatabase(db, source, OPTIONS)
    await addTask(db, 'lost')
    return { db, path, source, facts, options: { ...OPTIONS, path, programVersion: '0.1.0' } }
  }

  it('brings back the state of the backup under a new database id, and keeps what was there', async () => {
    const { db, path, source, facts, options } = await prepared()
    await db.close()
    const restored = await restoreDatabase(source, options)
    expect(restored.databaseId).not.toBe(facts.databaseId)
    expect(restored.clusterId).toBe(facts.clusterId)
    const again = await createDatabase(sqliteOptions(path))
    expect(await names(again)).toEqual(['kept'])
    expect(await readInfo(again.read, 'DatabaseID')).toBe(restored.databaseId)
    await again.write(SYSTEM, (tx) => tx.insertInto('Nodes').values(nodeRow()).execute())
    await again.close()
    const kept = openSqlite({ path: `${path}.before-restore`, readonly: true })
    expect(kept.prepare('select count(*) as n from "Tasks"').get()).toEqual({ n: 2 })
    kept.close()
    expect(existsSync(`${path}.restoring`)).toBe(false)
  })

  it('leaves backup and database alone when the database is still open elsewhere', async () => {
    const { db, source, options } = await prepared()
    await expect(restoreDatabase(source, options)).rejects.toMatchObject({ code: 'CONFLICT' })
    expect(await names(db)).toEqual(['kept', 'lost'])
    await addTask(db, 'still working')
    expect((await verifyBackup(source, OPTIONS)).schemaVersion).toBe(steps.length)
  })

  it('replaces a damaged database', async () => {
    const { db, path, source, options } = await prepared()
    await db.close()
    await writeFile(path, 'x'.repeat(10_000))
    await restoreDatabase(source, options)
    const again = await createDatabase(sqliteOptions(path))
    expect(await names(again)).toEqual(['kept'])
    await again.close()
  })

  it('refuses a backup that needs a newer program', async () => {
    const { db, source, options } = await prepared()
    await db.close()
    await expect(restoreDatabase(source, { ...options, programVersion: '0.0.9' })).rejects.toMatchObject({
      code: 'CONFLICT',
    })
  })
})
