import { z } from 'zod'

/*
 * Three faces of a secret value of `parameters` or `environment`:
 * written `{ "secret": "text" }`, stored `{ "$sealed": "<key id>.<…>" }`, read back `{ "secret": true }`.
 */

export interface WrittenSecret {
  secret: string
}
export interface HiddenSecret {
  secret: true
}
export interface SealedSecret {
  $sealed: string
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const hasOnly = (value: Record<string, unknown>, key: string): boolean =>
  Object.keys(value).length === 1 && key in value

export const isWrittenSecret = (value: unknown): value is WrittenSecret =>
  isRecord(value) && hasOnly(value, 'secret') && typeof value['secret'] === 'string'

export const isHiddenSecret = (value: unknown): value is HiddenSecret =>
  isRecord(value) && hasOnly(value, 'secret') && value['secret'] === true

export const isSealedSecret = (value: unknown): value is SealedSecret =>
  isRecord(value) && hasOnly(value, '$sealed') && typeof value['$sealed'] === 'string'

/** Where something called secret would be stored or shown in clear: nested, not text, or with company. */
const misplacedSecret = (value: unknown, depth = 0): string | null => {
  if (isSealedSecret(value)) return '"$sealed" is reserved; write { "secret": "text" }'
  if (isRecord(value) && 'secret' in value) {
    if (depth > 0) return 'a secret must be a value of its own, not inside another'
    if (isWrittenSecret(value) || isHiddenSecret(value)) return null
    return 'a secret is written { "secret": "text" } and nothing else; { "secret": true } keeps the stored one'
  }
  if (!isRecord(value) && !Array.isArray(value)) return null
  for (const inner of Object.values(value)) {
    const wrong = misplacedSecret(inner, depth + 1)
    if (wrong) return wrong
  }
  return null
}

/** `parameters`: a JSON object whose values may be secret. */
export const parametersSchema = z.record(z.string().min(1).max(200), z.json()).superRefine((values, ctx) => {
  for (const [name, value] of Object.entries(values)) {
    const wrong = misplacedSecret(value)
    if (wrong) ctx.addIssue({ code: 'custom', path: [name], message: wrong })
  }
})
export type Parameters = z.infer<typeof parametersSchema>

/** Stored values as an answer may show them: sealed ones become `{ "secret": true }`. */
export const hideSecrets = <T>(values: Record<string, T>): Record<string, T | HiddenSecret> =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, isSealedSecret(value) ? { secret: true } : value]),
  )
