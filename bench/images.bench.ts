import { readImage } from '../src/main/data/images.ts'
import { gunzipSync } from 'node:zlib'
import { diffImages } from '../src/shared/domain/diff.ts'
import type { Image } from '../src/shared/domain/change.ts'
import { imagePool } from './support/large-rows.ts'
import { below, median, type BenchRow } from './support/rows.ts'

/** Decoding and comparing the images of a hundred changes, as a page of the change view does. */

const CHANGES = 100
const ROUNDS = 60
const BUDGET_MS = 30

export const rows = async (): Promise<BenchRow[]> => {
  const pool = imagePool(CHANGES)
  const ours: number[] = []
  const bare: number[] = []
  for (let round = -10; round < ROUNDS; round += 1) {
    const [decoded, unzipped] = [clocked(() => decodeAll(pool)), clocked(() => unzipAll(pool))]
    if (round < 0) continue
    ours.push(decoded)
    bare.push(unzipped)
  }
  return [
    below('decode and diff of 100 changes (p50, against gunzip and JSON.parse)', median(ours), {
      unit: 'ms',
      reference: median(bare),
      budget: BUDGET_MS,
    }),
  ]
}

type Pool = ReturnType<typeof imagePool>

const decodeAll = (pool: Pool): void => {
  for (const { before, after } of pool) {
    if (diffImages(imageOf(before), imageOf(after)).length === 0) throw new Error('every change changes')
  }
}

const imageOf = (bytes: Buffer): Image => {
  const read = readImage('Tasks', bytes)
  if (!read.ok) throw new Error(read.reason)
  return read.image
}

const unzipAll = (pool: Pool): void => {
  for (const { before, after } of pool)
    for (const bytes of [before, after]) JSON.parse(gunzipSync(bytes).toString())
}

const clocked = (work: () => void): number => {
  const startedAt = performance.now()
  work()
  return performance.now() - startedAt
}
