import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Insertable } from 'kysely'
import { capturedTable } from '../../src/main/data/capture.ts'
import { checkDatabase } from '../../src/main/data/check.ts'
import type { OpenDatabase } from '../../src/main/data/db.ts'
import type { Tables } from '../../src/main/data/entities/index.ts'
import { databases } from '../support/databases.ts'
import { changesOf, textOf } from './changes.ts'
import { nodeRow, scheduleRow, taskRow, tokenRow } from './rows.ts'

/*
 * The same row gives the same image on every database, letter by letter: what JSON.stringify makes of the stored
 * values in the order of the columns. Digests and copies to another database depend on it.
 */

const ROOT = { actor: 'local:root' }

type Task = Insertable<Tables['Tasks']>

const canonical = (row: Task): string => {
  const values: Record<string, unknown> = { ...row }
  const fields = capturedTable('Tasks').columns.map(({ property, column, kind }) => {
    const value = values[property] ?? null
    if (kind === 'flag') return [column, value === true ? 1 : 0]
    const isDocument = kind === 'json' || (kind === 'schedule' && typeof value !== 'string')
    return [column, value !== null && isDocument ? JSON.stringify(value) : value]
  })
  return JSON.stringify(Object.fromEntries(fields))
}

/** Writes tasks, and answers the images of their inserts in the same order. */
const imagesOf = async (db: OpenDatabase, tasks: readonly Task[]): Promise<(string | null)[]> => {
  const known = (await changesOf(db)).length
  await db.write(ROOT, async (tx) => {
    for (let from = 0; from < tasks.length; from += 50)
      await tx
        .insertInto('Tasks')
        .values(tasks.slice(from, from + 50))
        .execute()
  })
  const images = new Map((await changesOf(db)).slice(known).map((one) => [one.recordId, textOf(one.newData)]))
  return tasks.map(({ taskId }) => images.get(taskId) ?? null)
}

const expectDigestsToAgree = async (db: OpenDatabase): Promise<void> => {
  const finding = (await checkDatabase(db)).find(({ id }) => id === 'changeDigests')
  expect(finding).toMatchObject({ ok: true })
}

const AWKWARD =
  'quote " apostrophe \' backslash \\ slash / <b>&amp;</b> é ü ß 中文 😀 𝄞 \u2028 \u2029 \u007f \u0080 \ufeff \ufffd ' +
  '\b \f \n \r \t \u0001 \u000b \u001f \\u001F \\\\u001F \\\u001f % _ [x] $1 ? :p @q #{} `\u00a0` '

describe.each(databases())('$name: images', ({ open }) => {
  it('of every table are the same letters everywhere', async () => {
    const db = await open()
    const task = taskRow({
      ...{ taskId: 'task', taskName: 'q\'"\\ é😀', description: AWKWARD, schedule: '*/5 * * * *' },
      ...{ tags: ['ü', '"'], parameters: { 'a/b': [1, 1.5, null, true, { c: '\u0001' }] }, timeout: 30 },
      ...{
        limits: {
          maxConcurrent: 2,
          memoryMb: null,
          cpuSeconds: null,
          processes: null,
          outputBytes: 1.5e6,
          locks: [],
        },
        createdBy: 'local:root',
      },
    })
    await db.write(ROOT, async (tx) => {
      await tx.insertInto('Tasks').values(task).execute()
      await tx
        .insertInto('Task_Schedule')
        .values(scheduleRow({ scheduleId: 'schedule', taskId: 'task' }))
        .execute()
      await tx
        .insertInto('Nodes')
        .values(nodeRow({ nodeId: 'node', nodeName: 'n/ö', port: 8080, isDraining: true }))
        .execute()
      await tx
        .insertInto('Api_Token')
        .values(tokenRow({ tokenId: 'token', tokenName: 'ci 😀', expiresAt: '2027-01-01T00:00:00.000Z' }))
        .execute()
    })
    const images = new Map((await changesOf(db)).map((one) => [one.recordId, textOf(one.newData)]))
    expect(images.get('task')).toBe(canonical(task))
    expect(images.get('schedule')).toBe('{"ScheduleID":"schedule","TaskID":"task","NodeID":""}')
    expect(images.get('node')).toBe(
      '{"NodeID":"node","NodeName":"n/ö","Hostname":"host-1","IPAddress":null,"Port":8080,"NodeGroup":null,' +
        '"NodeRole":null,"Tags":"[]","IsActive":1,"IsDraining":1,"MaxConcurrentTasks":4,' +
        '"SupportedTaskTypes":"[\\"bash\\"]","Version":null,"Platform":null,' +
        '"RegisteredAt":"2026-03-01T08:00:00.000Z","RegisteredBy":null}',
    )
    expect(images.get('token')).toBe(
      '{"TokenID":"token","TokenName":"ci 😀","Role":"viewer","CreatedBy":null,' +
        '"CreatedAt":"2026-03-01T08:00:00.000Z","ExpiresAt":"2027-01-01T00:00:00.000Z","RevokedAt":null,"Version":1}',
    )
    await expectDigestsToAgree(db)
  })

  it('of any text are what JSON makes of it, and agree with their digests', async () => {
    const db = await open()
    const text = fc.string({ unit: 'binary', maxLength: 60 }).map((one) => one.replaceAll('\u0000', ''))
    const made = fc.sample(
      fc.record({
        description: fc.oneof(text, fc.constant(null)),
        scriptPath: fc.string({ unit: 'grapheme', maxLength: 60 }),
        parameters: fc.dictionary(text, fc.jsonValue()),
        tags: fc.array(fc.string({ unit: 'grapheme' }), { maxLength: 3 }),
        priority: fc.integer({ min: -2_147_483_648, max: 2_147_483_647 }),
        enabled: fc.boolean(),
      }),
      { numRuns: 300, seed: 11 },
    )
    const tasks = made.map((fields, index) => taskRow({ ...fields, taskName: `task ${index}` }))
    expect(await imagesOf(db, tasks)).toEqual(tasks.map(canonical))
    await expectDigestsToAgree(db)
  })

  it('of hundreds of lengths are packed and unpacked without a byte too many', async () => {
    const db = await open()
    const lastBytes = new Set<number>()
    const tasks = Array.from({ length: 600 }, (_, length) =>
      taskRow({
        ...{ taskId: `task ${length}`, taskName: `t${length}` },
        description: `${'é '.repeat(length % 7)}${'x'.repeat(length)}${String.fromCharCode(97 + (length % 26))}`,
      }),
    )
    for (const task of tasks) lastBytes.add(lowestOfSum(canonical(task)))
    // What MySQL's COMPRESS() mistakes, and what it makes of it.
    expect([lastBytes.has(0x20), lastBytes.has(0x2e)]).toEqual([true, true])
    expect(await imagesOf(db, tasks)).toEqual(tasks.map(canonical))
    await expectDigestsToAgree(db)
  })

  it('of large documents are kept whole', async () => {
    const db = await open()
    const sizes = [65_535 - 700, 65_535, 65_536, 200_000, 1_000_000]
    const tasks = sizes.map((size) =>
      taskRow({ taskName: `of ${size}`, parameters: { text: `${'é😀"\\ '.repeat(size / 12)}end` } }),
    )
    expect(await imagesOf(db, tasks)).toEqual(tasks.map(canonical))
    await expectDigestsToAgree(db)
  })

  it('of texts with NUL characters are of what is stored, which is cut nowhere', async () => {
    const db = await open()
    const task = taskRow({ taskName: 'n\u0000m', description: 'a\u0000b' })
    const images = await imagesOf(db, [task])
    // PostgreSQL cannot keep them.
    const nul = db.type === 'PostgreSQL' ? '\ufffd' : '\u0000'
    expect(images).toEqual([canonical({ ...task, taskName: `n${nul}m`, description: `a${nul}b` })])
    await expectDigestsToAgree(db)
  })

  it('of one row before and after a change differ in what was changed', async () => {
    const db = await open()
    const task = taskRow({ description: 'a' })
    await db.write(ROOT, (tx) => tx.insertInto('Tasks').values(task).execute())
    // A blank more at the end, and another case, are changes too.
    for (const description of ['a ', 'A ', 'Ä', 'ä', 'a\u0308', ''])
      await db.write(ROOT, (tx) => tx.updateTable('Tasks').set({ description }).execute())
    await db.write(ROOT, (tx) => tx.updateTable('Tasks').set({ description: null }).execute())
    const [, ...updates] = await changesOf(db)
    const described = updates.map((one) => [one.oldData, one.newData].map(descriptionIn))
    expect(described).toEqual([
      ['a', 'a '],
      ['a ', 'A '],
      ['A ', 'Ä'],
      ['Ä', 'ä'],
      ['ä', 'a\u0308'],
      ['a\u0308', ''],
      ['', null],
    ])
    await expectDigestsToAgree(db)
  })
})

const descriptionIn = (image: Uint8Array | null): unknown =>
  (JSON.parse(textOf(image) ?? '{}') as Record<string, unknown>)['Description']

/** The last byte of a zlib stream of this text: the lowest of Adler-32 (RFC 1950). */
const lowestOfSum = (text: string): number => {
  let sum = 1
  for (const byte of Buffer.from(text)) sum = (sum + byte) % 65_521
  return sum & 255
}
