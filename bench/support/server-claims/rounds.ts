import { DUE, preciseNow, type Field, type Tally } from './contestant.ts'
import { contestants, type ContestantName } from './contestants.ts'
import type { Nodes } from './nodes.ts'
import { say } from '../folders.ts'
import type { ServerAddress } from '../../../tests/support/servers/server.ts'

/** One phase of a contestant, at a batch size. */
export interface Phase {
  phase: string
  batch: number
  /** What is not finished by then has the rate it had so far. */
  limitMs?: number
}

/** Rows a second, by `phase batch`. */
export type Rates = ReadonlyMap<string, number>

const WARM_UP_MS = 3_000
const LIMIT_MS = 20_000

/** Lets the nodes work the phases: once to get warm, then measured. Whoever loses or doubles a row ends the bench. */
export const measure = async (
  nodes: Nodes,
  server: ServerAddress,
  contestant: ContestantName,
  phases: readonly Phase[],
): Promise<Rates> => {
  const place = { server, database: `bench_${contestant.toLowerCase()}` }
  const field = await contestants[contestant].prepare(place)
  try {
    await nodes.join(contestant, place)
    const rates = await rounds(nodes, field, { name: `${server.name}: ${contestant}`, phases })
    await nodes.leave()
    return rates
  } finally {
    await field.close()
  }
}

const rounds = async (
  nodes: Nodes,
  field: Field,
  { name, phases }: { name: string; phases: readonly Phase[] },
): Promise<Rates> => {
  const rates = new Map<string, number>()
  for (const isWarm of [false, true])
    for (const { phase, batch, limitMs = LIMIT_MS } of phases) {
      await field.reset(phase)
      await field.settle()
      const { tallies, seconds } = await nodes.work({
        phase,
        batch,
        until: preciseNow() + (isWarm ? limitMs : WARM_UP_MS),
      })
      await field.check(
        phase,
        tallies.map(({ ids }, index) => ({ index, ids })),
      )
      const taken = sum(tallies, ({ ids }) => ids.length)
      rates.set(`${phase} ${batch}`, taken / seconds)
      if (isWarm) say(described(`${name} ${phase} ${batch}`, tallies, { taken, seconds }))
    }
  return rates
}

const described = (
  name: string,
  tallies: readonly Tally[],
  { taken, seconds }: { taken: number; seconds: number },
) => {
  const unfinished = taken < DUE ? ', time was up' : ''
  const waste = `${sum(tallies, ({ empty }) => empty)} empty looks, ${sum(tallies, ({ lost }) => lost)} lost races`
  return `${name}: ${taken} in ${seconds.toFixed(2)} s, none twice, ${waste}${unfinished}`
}

const sum = (tallies: readonly Tally[], valueOf: (tally: Tally) => number): number =>
  tallies.reduce((total, tally) => total + valueOf(tally), 0)

export const rateOf = (rates: Rates, phase: string, batch: number): number => {
  const rate = rates.get(`${phase} ${batch}`)
  if (rate === undefined) throw new Error(`${phase} ${batch} was not measured`)
  return rate
}

/** Both phases, one after the other: rows a second that went through them. */
export const oneAfterTheOther = (...rates: number[]): number =>
  1 / rates.reduce((total, rate) => total + 1 / rate, 0)
