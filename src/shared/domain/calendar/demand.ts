/** How much falls due in the same minute, and where that is more than may start. */

/** Nodes that share a demand, or a lock group: `room` runs at once. */
export interface Place {
  key: string
  nodeIds: readonly string[]
  room: number
}

export interface Crowd {
  due: number
  room: number
  key: string
}

/** Minutes in which more falls due than may start: there is one at least. */
export interface Crowds {
  /** How many too many, by minute; 0 where all may start. */
  over: Int32Array
  /** Of a minute with too many. */
  crowdAt: (minute: number) => Crowd
}

/** Runs due by minute, for each place. */
export class Demand {
  readonly #length: number
  readonly #counts = new Map<string, Uint32Array>()

  constructor(minutes: number) {
    this.#length = minutes
  }

  add(key: string, minutes: Uint16Array, runs: number): void {
    const counts = this.#counts.get(key) ?? new Uint32Array(this.#length)
    this.#counts.set(key, counts)
    for (const minute of minutes) counts[minute] = (counts[minute] ?? 0) + runs
  }

  /** Where these together are more than the place has room for; null: never. A step is one of them. */
  *crowds({ key, room }: Place, keys: readonly string[]): Generator<void, Crowds | null> {
    const over = new Int32Array(this.#length).fill(-room)
    for (const one of keys) {
      const counts = this.#counts.get(one)
      if (!counts) continue
      for (let minute = 0; minute < over.length; minute++)
        over[minute] = (over[minute] ?? 0) + (counts[minute] ?? 0)
      yield
    }
    for (let minute = 0; minute < over.length; minute++) over[minute] = Math.max(0, over[minute] ?? 0)
    const crowdAt = (minute: number): Crowd => ({ due: room + (over[minute] ?? 0), room, key })
    return over.some((many) => many > 0) ? { over, crowdAt } : null
  }
}

/**
 * What falls on a set of nodes is all that can go nowhere else: the demand of every place that lies within it. More
 * than its room means that somebody waits, however cleverly nodes take turns.
 */
export const within = (place: Place, places: readonly Place[]): string[] => {
  const nodes = new Set(place.nodeIds)
  return places.filter(({ nodeIds }) => nodeIds.every((id) => nodes.has(id))).map(({ key }) => key)
}

/** The worst of several, minute by minute; null: none. A step is one of them. */
export function* worstOf(several: readonly Crowds[]): Generator<void, Crowds | null> {
  const [first, ...rest] = several
  if (!first || rest.length === 0) return first ?? null
  const over = first.over.slice()
  for (const one of rest) {
    for (let minute = 0; minute < over.length; minute++)
      over[minute] = Math.max(over[minute] ?? 0, one.over[minute] ?? 0)
    yield
  }
  const worstAt = (minute: number): Crowds =>
    several.find((one) => one.over[minute] === over[minute]) ?? first
  return { over, crowdAt: (minute) => worstAt(minute).crowdAt(minute) }
}
