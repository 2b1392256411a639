/**
 * Hybrid logical time: wall-clock milliseconds that never go back, a counter for what happens within one of them, and
 * the node, so that no two edits are equal. As text its order is the order of edits, each after all that its node had
 * seen (Kulkarni et al., "Logical Physical Clocks", 2014).
 */
export interface HybridTime {
  /** Epoch milliseconds. */
  ms: number
  counter: number
  nodeId: string
}

const DIGITS = 4
const MOST = 10 ** DIGITS - 1

/** `2026-11-24T14:00:00.000Z-0003-<nodeId>` */
export const hybridText = ({ ms, counter, nodeId }: HybridTime): string =>
  `${new Date(ms).toISOString()}-${String(counter).padStart(DIGITS, '0')}-${nodeId}`

const TEXT = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)-(\d{4})-(.*)$/

/** Undefined for a text that is none. */
export const parseHybrid = (text: string): HybridTime | undefined => {
  const [, at = '', counter, nodeId = ''] = TEXT.exec(text) ?? []
  const ms = Date.parse(at)
  return Number.isNaN(ms) ? undefined : { ms, counter: Number(counter), nodeId }
}

/**
 * The time of the next edit on `nodeId`.
 * @param last the latest hybrid time the node has given or seen; null: none yet.
 */
export const nextHybrid = (last: HybridTime | null, nowMs: number, nodeId: string): HybridTime => {
  if (!last || nowMs > last.ms) return { ms: nowMs, counter: 0, nodeId }
  // A full counter borrows from the next millisecond: order matters more than the wall clock.
  return last.counter < MOST
    ? { ms: last.ms, counter: last.counter + 1, nodeId }
    : { ms: last.ms + 1, counter: 0, nodeId }
}

/** How far ahead of the cluster's clock an edit may claim to be: a clock that is wrong must not win for ever. */
const AHEAD_MS = 60_000

/** The text as the cluster database takes it: at most a minute ahead of `nowMs`, its clock. */
export const clampHybrid = (text: string, nowMs: number): string => {
  const time = parseHybrid(text)
  if (!time) return text
  return time.ms <= nowMs + AHEAD_MS ? text : hybridText({ ...time, ms: nowMs + AHEAD_MS })
}
