/** How far back a list looks; in the address as its key, so that a shared address stays 'the last hour'. */
const HOUR = 3_600_000

const spans = {
  '1h': { label: 'the last hour', ms: HOUR },
  '24h': { label: 'the last 24 hours', ms: 24 * HOUR },
  '7d': { label: 'the last 7 days', ms: 7 * 24 * HOUR },
  '30d': { label: 'the last 30 days', ms: 30 * 24 * HOUR },
} as const

export type Span = keyof typeof spans

/** How long each is. */
export const SPAN_MS: Record<Span, number> = {
  '1h': spans['1h'].ms,
  '24h': spans['24h'].ms,
  '7d': spans['7d'].ms,
  '30d': spans['30d'].ms,
}

const isSpan = (text: string): text is Span => Object.hasOwn(spans, text)

export const SPAN_OPTIONS = Object.entries(spans).flatMap(([value, { label }]) =>
  isSpan(value) ? [{ value, label }] : [],
)

/** The span an address names, or null. */
export const spanOf = (text: string | null): Span | null => (text !== null && isSpan(text) ? text : null)

/** The part of a list's question: everything since then, counted from `now` (ms). */
export const sinceSpan = (span: Span | null, now: number): { from?: string } =>
  span === null ? {} : { from: new Date(now - spans[span].ms).toISOString() }
