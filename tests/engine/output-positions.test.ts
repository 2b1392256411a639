import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { gunzipSync } from 'node:zlib'
import { describe, expect, it, onTestFinished } from 'vitest'
import { updateRun } from '../../src/main/data/repos/runs.ts'
import { createSpoolWriter, omissionMarker, spoolFile } from '../../src/main/exec/spool.ts'
import { nextOf, removeSpool } from '../../src/main/exec/spool-reader.ts'
import { systemClock } from '../../src/main/platform/clock.ts'
import { memoryLog } from '../../src/main/platform/log.ts'
import { createStoredOutput } from '../../src/main/services/engine/stored-output.ts'
import { createEventBus } from '../../src/main/services/events.ts'
import { createOutputReader, type OutputChunk } from '../../src/main/services/runs/output.ts'
import { databases } from '../support/databases.ts'
import { openEngineDatabase } from '../support/engine-database.ts'
import { tempDir } from '../support/node.ts'

/** A real database, a real spool and the reader on top: a run whose output a test writes itself. */
const openRun = async (open: Parameters<typeof openEngineDatabase>[0]) => {
  const engine = await openEngineDatabase(open)
  const { taskId } = await engine.task({ schedule: { type: 'interval', everySeconds: 60 } })
  engine.clock.advance(60_000)
  await engine.tick()
  const [claimed] = await engine.claim()
  if (!claimed) throw new Error(`no run of ${taskId} was claimed`)
  const { historyId } = claimed.run
  const spoolDir = await tempDir()
  const gone = new AbortController()
  onTestFinished(() => gone.abort())
  const events = createEventBus(systemClock)
  const stored = createStoredOutput({
    spoolDir,
    level: 1,
    clock: systemClock,
    log: memoryLog(),
    signal: gone.signal,
  })
  const output = createOutputReader({
    ...{ db: engine.db, nodeId: engine.self.nodeId, spoolDir, clock: systemClock, events },
    tellOthers: () => undefined,
  })
  const set = (fields: Parameters<typeof updateRun>[3], state: 'Running' | 'Success') =>
    engine.db.write({ actor: 'test' }, (tx) => updateRun(tx, historyId, { state }, fields))
  return {
    writer: (cap: number) => createSpoolWriter(spoolFile(spoolDir, historyId), cap),
    read: async (from: number, follow = false): Promise<OutputChunk[]> => {
      const chunks: OutputChunk[] = []
      for await (const chunk of output(historyId, { from, follow, signal: gone.signal }))
        chunks.push({ ...chunk, bytes: Buffer.from(chunk.bytes) })
      return chunks
    },
    follow: (from: number) => output(historyId, { from, follow: true, signal: gone.signal }),
    /** Stores what the spool holds and ends the run; answers the gzip. */
    end: async (): Promise<Uint8Array | null> => {
      const kept = await stored.read(historyId)
      await set({ state: 'Success', output: kept?.gzip ?? null, outputBytes: kept?.bytes ?? 0 }, 'Running')
      events.emit({ type: 'run.finished', id: historyId, state: 'Success' })
      return kept?.gzip ?? null
    },
    restart: () => set({ state: 'Running', output: null, outputBytes: null }, 'Success'),
    removeSpool: () => removeSpool(spoolDir, historyId),
  }
}

/** Bytes of buffers that are in use, what nobody holds any more left out. */
const heldBytes = (): number => {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  collect()
  return process.memoryUsage().arrayBuffers
}

const textOf = (chunks: readonly OutputChunk[]): Buffer => Buffer.concat(chunks.map(({ bytes }) => bytes))

/** Every piece continues where the one before ended, and holds the bytes that were written there. */
const expectExact = (chunks: readonly OutputChunk[], from: number, all: Buffer): void => {
  let position = Math.min(from, all.length)
  for (const chunk of chunks.filter(({ bytes }) => bytes.length > 0)) {
    expect(chunk.offset).toBe(position)
    const written = chunk.omitted
      ? omissionMarker(chunk.omitted)
      : all.subarray(position, position + chunk.bytes.length)
    expect(Buffer.compare(chunk.bytes, written)).toBe(0)
    position = nextOf(chunk)
  }
  expect(position).toBe(all.length)
}

const scenario = fc.record({
  cap: fc.integer({ min: 64, max: 3000 }),
  writes: fc.array(fc.integer({ min: 1, max: 900 }), { minLength: 1, maxLength: 12 }),
  resumes: fc.array(fc.double({ min: 0, max: 1.1, noNaN: true }), { minLength: 1, maxLength: 4 }),
})

describe.each(databases())('$name: positions of output', ({ open }) => {
  it('are the same while the run goes on and afterwards, with and without output left out', async () => {
    const run = await openRun(open)
    await fc.assert(
      fc.asyncProperty(scenario, async ({ cap, writes, resumes }) => {
        const writer = run.writer(cap)
        // What looks like our own marker is output like any other.
        const all = Buffer.concat(writes.map((size) => Buffer.concat([omissionMarker(9), randomBytes(size)])))
        await writer.write(all)
        await writer.close()
        const positions = resumes.map((part) => Math.floor(part * all.length))
        const seams = (await run.read(0)).map(nextOf)
        const live = new Map<number, Buffer>()
        for (const from of [0, ...positions, ...seams]) {
          const chunks = await run.read(from)
          expectExact(chunks, from, all)
          live.set(from, textOf(chunks))
        }
        await run.end()
        await run.removeSpool()
        for (const [from, text] of live) {
          const chunks = await run.read(from)
          expectExact(chunks, from, all)
          expect(Buffer.compare(textOf(chunks), text)).toBe(0)
          expect(chunks.at(-1)).toMatchObject({ end: 'Success', offset: Math.max(from, all.length) })
        }
        await run.restart()
      }),
      { numRuns: 20 },
    )
  })

  it('lead a follower that resumes past the cap to exactly what is left', async () => {
    const run = await openRun(open)
    const writer = run.writer(16_384)
    const all = randomBytes(102_400)
    await writer.write(all)
    const first = await run.read(0)
    const next = nextOf(first.at(-1) ?? { offset: 0, bytes: new Uint8Array() })
    expect(next).toBe(102_400)
    expect(await run.read(next)).toEqual([])
    const more = randomBytes(50)
    await writer.write(more)
    await writer.close()
    const following = run.read(next, true)
    await run.end()
    const rest = await following
    expect(textOf(rest).equals(more)).toBe(true)
    expect(rest.at(-1)).toMatchObject({ end: 'Success', offset: 102_450 })
  })

  it('let a slow follower finish from the database when the spool is gone before it has read all', async () => {
    const run = await openRun(open)
    const writer = run.writer(400_000)
    const all = randomBytes(300_000)
    await writer.write(all)
    await writer.close()
    const got: OutputChunk[] = []
    for await (const chunk of run.follow(0)) {
      got.push({ ...chunk, bytes: Buffer.from(chunk.bytes) })
      if (got.length > 1) continue
      await run.end()
      await run.removeSpool()
    }
    expectExact(got, 0, all)
    expect(got.at(-1)?.end).toBe('Success')
  })

  it('leave the stored output an ordinary gzip of what was kept', async () => {
    const run = await openRun(open)
    const writer = run.writer(1000)
    const all = randomBytes(5000)
    await writer.write(all)
    await writer.close()
    const plain = gunzipSync((await run.end()) ?? new Uint8Array())
    expect(plain.subarray(0, 500).equals(all.subarray(0, 500))).toBe(true)
    expect(plain.subarray(500).equals(all.subarray(-(plain.length - 500)))).toBe(true)
  })

  it('unzip a large output no further than its reader has come', async () => {
    const run = await openRun(open)
    const size = 64 * 1024 * 1024
    const writer = run.writer(size)
    const block = Buffer.alloc(1024 * 1024, 'line of output\n')
    for (let at = 0; at < size; at += block.length) await writer.write(block)
    await writer.close()
    await run.end()
    await run.removeSpool()
    const before = heldBytes()
    for await (const first of run.follow(0)) {
      expect(first.bytes.length).toBeLessThan(1024 * 1024)
      await systemClock.sleep(200)
      expect(heldBytes() - before).toBeLessThan(8 * 1024 * 1024)
      break
    }
    expect(textOf(await run.read(size - 100)).equals(block.subarray(-100))).toBe(true)
  })
})
