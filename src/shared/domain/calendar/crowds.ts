import { Demand, within, worstOf, type Crowds, type Place } from './demand.ts'
import type { Target } from './entries.ts'
import { minutesIn } from './pattern.ts'
import type { PlanInput } from './plan.ts'

/**
 * Where more falls due than nodes take, or lock groups let in. A step is the minutes of one task on one node at most:
 * one that runs each minute on hundreds of nodes is hundreds of steps.
 */

/** What a task meets where it runs; on one node where that is given. */
export type CrowdsOf = (target: Target, nodeId: string | undefined) => Generator<void, Crowds | null>

type KeyOf = (nodeIds: readonly string[]) => string

/** Thousands of tasks share a list of hundreds of nodes: it is sorted once. */
const createKeys = (): KeyOf => {
  const known = new WeakMap<readonly string[], string>()
  return (nodeIds) => {
    const key = known.get(nodeIds) ?? [...nodeIds].sort().join(' ')
    known.set(nodeIds, key)
    return key
  }
}

/** Of All each node is a place of its own, of One all that may take it together are one. */
const placesOf = ({ kind, nodeIds }: Target): (readonly string[])[] =>
  kind === 'all' ? nodeIds.map((id) => [id]) : nodeIds.length > 0 ? [nodeIds] : []

/** The places that tasks share, and what is too much for them. */
export function* placeCrowds(
  input: PlanInput,
): Generator<void, { places: ReadonlyMap<string, Place>; crowdsOf: CrowdsOf }> {
  const keyOf = createKeys()
  const { places, demand } = yield* placeDemand(input, keyOf)
  const byPlace = new Map<string, Crowds>()
  for (const place of places.values()) {
    const crowds = yield* demand.crowds(place, within(place, [...places.values()]))
    if (crowds) byPlace.set(place.key, crowds)
    yield
  }
  const ofAll = new Map<string, Crowds | null>()
  const crowdsOf: CrowdsOf = function* ({ kind, nodeIds }, nodeId) {
    if (kind !== 'all') return byPlace.get(keyOf(nodeIds)) ?? null
    if (nodeId !== undefined) return byPlace.get(nodeId) ?? null
    const key = keyOf(nodeIds)
    if (!ofAll.has(key)) ofAll.set(key, yield* worstOf(nodeIds.flatMap((id) => byPlace.get(id) ?? [])))
    return ofAll.get(key) ?? null
  }
  return { places, crowdsOf }
}

function* placeDemand(
  { tasks, patterns, range, rooms }: PlanInput,
  keyOf: KeyOf,
): Generator<void, { places: Map<string, Place>; demand: Demand }> {
  const places = new Map<string, Place>()
  const demand = new Demand(minutesIn(range))
  for (const { target, scheduleKey } of tasks)
    for (const nodeIds of placesOf(target)) {
      const key = keyOf(nodeIds)
      const room = (): number => nodeIds.reduce((sum, id) => sum + (rooms.nodes.get(id) ?? 0), 0)
      if (!places.has(key)) places.set(key, { key, nodeIds, room: room() })
      for (const { minutes } of patterns.get(scheduleKey)?.hours.values() ?? []) demand.add(key, minutes, 1)
      yield
    }
  return { places, demand }
}

/** What is too much for lock groups, by their name. */
export function* lockCrowdsOf({
  tasks,
  patterns,
  range,
  rooms,
}: PlanInput): Generator<void, Map<string, Crowds>> {
  const demand = new Demand(minutesIn(range))
  for (const { locks, scheduleKey, target } of tasks) {
    const runs = target.kind === 'all' ? target.nodeIds.length : 1
    for (const name of new Set(locks)) {
      for (const { minutes } of patterns.get(scheduleKey)?.hours.values() ?? [])
        demand.add(name, minutes, runs)
      yield
    }
  }
  const found = new Map<string, Crowds>()
  for (const [name, room] of rooms.locks) {
    const crowds = yield* demand.crowds({ key: name, nodeIds: [], room }, [name])
    if (crowds) found.set(name, crowds)
  }
  return found
}
