import { randomBytes } from 'node:crypto'
import { describe, expect, it, onTestFinished } from 'vitest'
import { updateRun } from '../../src/main/data/repos/runs.ts'
import { purge } from '../../src/main/data/maintenance.ts'
import { createSpoolWriter, spoolFile } from '../../src/main/exec/spool.ts'
import { nextOf } from '../../src/main/exec/spool-reader.ts'
import { isoOf, systemClock } from '../../src/main/platform/clock.ts'
import { memoryLog } from '../../src/main/platform/log.ts'
import { createLiveOutput } from '../../src/main/services/engine/live-output.ts'
import { createStoredOutput } from '../../src/main/services/engine/stored-output.ts'
import { createEventBus } from '../../src/main/services/events.ts'
import { BACKLOG_BYTES, CHUNK_BYTES } from '../../src/main/services/runs/live-chunks.ts'
import { createOutputReader, type OutputChunk } from '../../src/main/services/runs/output.ts'
import { databases, type TestDatabases } from '../support/databases.ts'
import { openEngineDatabase } from '../support/engine-database.ts'
import { eventually } from '../support/eventually.ts'
import { tempDir } from '../support/node.ts'

/** Output of a run on its way from the node that has it to one that follows it; the test is the script. */

const SPOOL_BYTES = 32 * 1024 * 1024

const openRun = async (open: TestDatabases['open']) => {
  const engine = await openEngineDatabase(open)
  const { db } = engine
  await engine.task({ schedule: { type: 'interval', everySeconds: 60 } })
  engine.clock.advance(60_000)
  await engine.tick()
  const historyId = (await engine.claim())[0]?.run.historyId ?? ''
  const spoolDir = await tempDir()
  const gone = new AbortController()
  onTestFinished(() => gone.abort())
  const clock = systemClock
  const events = createEventBus(clock)
  let live = [historyId]
  const publisher = createLiveOutput({ db, clock, spoolDir, live: () => live })
  const output = createOutputReader({
    ...{ db, clock, events, nodeId: 'another', spoolDir: await tempDir(), tellOthers: () => undefined },
  })
  const writer = createSpoolWriter(spoolFile(spoolDir, historyId), SPOOL_BYTES)
  onTestFinished(() => writer.close())
  const stored = createStoredOutput({
    ...{ spoolDir, level: 1, clock, log: memoryLog() },
    signal: gone.signal,
  })
  const rows = (table: 'Task_Output' | 'Output_Follower') =>
    db.read.selectFrom(table).select('historyId').execute()
  return {
    ...{ db, engine, historyId, publisher, writer, rows, events },
    /** Collects what a follower is given. */
    follow: (from = 0, follow = true) => {
      const chunks: OutputChunk[] = []
      const over = (async () => {
        for await (const chunk of output(historyId, { from, follow, signal: gone.signal }))
          chunks.push({ ...chunk, bytes: Buffer.from(chunk.bytes) })
      })()
      return {
        chunks,
        over,
        position: () => chunks.reduce((_, chunk) => nextOf(chunk), from),
        text: () =>
          Buffer.concat(chunks.filter((one) => one.omitted === undefined).map(({ bytes }) => bytes)),
      }
    },
    isFollowed: () => eventually(async () => (await rows('Output_Follower')).length > 0),
    end: async () => {
      const kept = await stored.read(historyId)
      await db.write({ actor: 'test' }, (tx) =>
        updateRun(
          tx,
          historyId,
          { state: 'Running' },
          { state: 'Success', output: Buffer.from(kept?.gzip ?? []), outputBytes: kept?.bytes ?? 0 },
        ),
      )
      live = []
      events.relay({ type: 'run.finished', id: historyId, state: 'Success' })
    },
  }
}

type Run = Awaited<ReturnType<typeof openRun>>

/** The publisher at its pace, until the follower has come to a position. */
const publishUntil = async ({ publisher }: Run, done: () => boolean): Promise<number> => {
  let ticks = 0
  await eventually(async () => {
    await publisher.tick()
    ticks += 1
    return done()
  }, 15_000)
  return ticks
}

describe.each(databases())('$name: live output', ({ open }) => {
  it('is written only while somebody follows, and is gone when the run has ended', async () => {
    const run = await openRun(open)
    await run.writer.write(Buffer.from('one\n'))
    await run.publisher.tick()
    expect(await run.rows('Task_Output')).toEqual([])
    expect(run.publisher.isIdle()).toBe(true)
    const follower = run.follow()
    await run.isFollowed()
    await publishUntil(run, () => follower.position() === 4)
    await run.writer.write(Buffer.from('two\n'))
    await publishUntil(run, () => follower.position() === 8)
    expect(await run.rows('Task_Output')).toHaveLength(2)
    // Its last words come with what is stored.
    await run.writer.write(Buffer.from('three\n'))
    await run.end()
    await follower.over
    expect(follower.text().toString()).toBe('one\ntwo\nthree\n')
    expect(follower.chunks.at(-1)).toMatchObject({ offset: 14, end: 'Success' })
    await run.publisher.tick()
    expect([await run.rows('Task_Output'), await run.rows('Output_Follower')]).toEqual([[], []])
  })

  it('is read from any position by several, one after the other', async () => {
    const run = await openRun(open)
    const all = randomBytes(100_000)
    await run.writer.write(all)
    const first = run.follow()
    await run.isFollowed()
    await publishUntil(run, () => first.position() === all.length)
    await run.writer.write(Buffer.from('more'))
    const second = run.follow(99_990)
    await publishUntil(run, () => first.position() === 100_004 && second.position() === 100_004)
    expect(first.text().equals(Buffer.concat([all, Buffer.from('more')]))).toBe(true)
    expect(second.text().equals(Buffer.concat([all.subarray(99_990), Buffer.from('more')]))).toBe(true)
    // Without following: what there is.
    const once = run.follow(50_000, false)
    await once.over
    expect(once.position()).toBe(100_004)
    await run.end()
    await Promise.all([first.over, second.over])
    expect([first, second].map((one) => one.chunks.at(-1)?.end)).toEqual(['Success', 'Success'])
  })

  it(
    'of a run that writes more than is carried is told as left out, and stored whole',
    { timeout: 60_000 },
    async () => {
      const run = await openRun(open)
      const all = randomBytes(2 * 1024 * 1024)
      await run.writer.write(all)
      const follower = run.follow()
      await run.isFollowed()
      const ticks = await publishUntil(run, () => follower.position() === all.length)
      expect(ticks).toBeGreaterThanOrEqual(2)
      const [gap, ...rest] = follower.chunks
      expect(gap).toMatchObject({ offset: 0, omitted: all.length - BACKLOG_BYTES })
      expect(follower.text().equals(all.subarray(all.length - BACKLOG_BYTES))).toBe(true)
      expect(Math.max(...rest.map(({ bytes }) => bytes.length))).toBeLessThanOrEqual(CHUNK_BYTES)
      await run.end()
      await follower.over
      const again = run.follow(0, false)
      await again.over
      expect(again.text().equals(all)).toBe(true)
    },
  )

  it('of nothing yet does not keep who wants what there is', async () => {
    const run = await openRun(open)
    const began = systemClock.monotonic()
    const once = run.follow(0, false)
    await run.isFollowed()
    await run.publisher.tick()
    await once.over
    expect(once.chunks).toEqual([])
    expect(systemClock.monotonic() - began).toBeLessThan(3_000)
  })

  it('that a dead node left is deleted by retention, and so are its followers', async () => {
    const run = await openRun(open)
    const follower = run.follow()
    await run.isFollowed()
    await run.writer.write(Buffer.from('left'))
    await publishUntil(run, () => follower.position() === 4)
    const later = { ...run.db, now: async () => isoOf(run.engine.clock.now() + 2 * 3_600_000) }
    await purge({ ...run.db, now: run.db.now }, { historyDays: 0, changeDays: 0, clock: systemClock })
    expect(await run.rows('Task_Output')).toHaveLength(1)
    await run.end()
    await follower.over
    await purge(later, { historyDays: 0, changeDays: 0, clock: systemClock })
    expect([await run.rows('Task_Output'), await run.rows('Output_Follower')]).toEqual([[], []])
  })
})
