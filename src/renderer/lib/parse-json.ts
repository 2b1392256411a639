import type { Image } from '../../shared/domain/change.ts'

export type Json = Image[string]

/** What somebody typed as JSON; `ok` is false where it is none. */
export const parseJson = (text: string): { ok: true; value: Json } | { ok: false } => {
  try {
    return { ok: true, value: JSON.parse(text) as Json } // JSON.parse gives JSON
  } catch {
    return { ok: false }
  }
}
