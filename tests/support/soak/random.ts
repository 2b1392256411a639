/** Numbers that look random and are the same for the same seed (mulberry32). */
export interface Random {
  /** A whole number from `min` to `max`, both included. */
  between: (min: number, max: number) => number
  oneOf: <T>(items: readonly [T, ...T[]]) => T
}

export const randomOf = (seed: number): Random => {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
  const between = (min: number, max: number): number => min + Math.floor(next() * (max - min + 1))
  return {
    between,
    oneOf: (items) => items[between(0, items.length - 1)] ?? items[0],
  }
}
