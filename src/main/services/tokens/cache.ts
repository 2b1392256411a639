import type { TokenRow } from '../../data/repos/tokens.ts'
import type { Clock } from '../../platform/clock.ts'

/** What another node revoked, or an undo changed, is noticed this late at most. */
const TTL_MS = 5_000
/** Only tokens that exist are kept: guesses cannot fill it, so the bound is for very many real ones. */
const MAX_TOKENS = 1_000

export interface TokenCache {
  get: (hash: string) => TokenRow | null
  /** As it was last seen, however long ago: for while the database cannot be asked. */
  last: (hash: string) => TokenRow | null
  /** `asOf`: the generation before the row was read; one read before a `clear` is not kept. */
  put: (row: TokenRow, asOf: number) => void
  generation: () => number
  clear: () => void
}

/** Rows by hash for some seconds: a page of the console asks dozens of times. */
export const createTokenCache = (clock: Clock): TokenCache => {
  const rows = new Map<string, { row: TokenRow; until: number }>()
  let generation = 0
  return {
    get: (hash) => {
      const held = rows.get(hash)
      return held && held.until > clock.monotonic() ? held.row : null
    },
    last: (hash) => rows.get(hash)?.row ?? null,
    put: (row, asOf) => {
      if (asOf !== generation) return
      if (rows.size >= MAX_TOKENS) rows.clear()
      rows.set(row.tokenHash, { row, until: clock.monotonic() + TTL_MS })
    },
    generation: () => generation,
    clear: () => {
      generation += 1
      rows.clear()
    },
  }
}
