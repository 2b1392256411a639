import type { Image } from '../../../shared/domain/change.ts'
import { sameJson } from '../../../shared/domain/diff.ts'
import { FIELD_GROUPS, type Side } from '../../../shared/domain/merge.ts'
import type { Conflict, ConflictField, ResolveInput } from '../../../shared/domain/sync.ts'
import { isObject, isSecret } from '../../lib/field-values.ts'
import { parseJson, type Json } from '../../lib/parse-json.ts'

/** What somebody is about to decide of a conflict, and what that means to the node. Pure. */

/** Whose value a field gets; `own`: typed, as JSON. */
export type Pick = { of: Side } | { of: 'own'; text: string }

export interface Draft {
  picks: Readonly<Record<string, Pick>>
  /** All fields as one JSON object, as it is typed; null: they are chosen one by one. */
  json: string | null
}

const holdsSecret = (value: unknown): boolean =>
  isSecret(value) || (isObject(value) && Object.values(value).some(isSecret))

/** Secrets are never shown, so such a field cannot be typed: it can only take a side. */
export const hasSecret = ({ base, mine, theirs }: ConflictField): boolean =>
  [base, mine, theirs].some(holdsSecret)

const pretty = (value: unknown): string => JSON.stringify(value, null, 2)

const typed = (value: Json): Pick => ({ of: 'own', text: pretty(value) })

/** What a field was given when the conflict was decided, by rule or by somebody; else what applies until then. */
const givenPick = (conflict: Conflict, field: ConflictField): Pick => {
  const { resolvedBy, resolution, current } = conflict
  const taken = resolvedBy === null ? field.taken : resolution
  if (taken === 'mine' || taken === 'theirs') return { of: taken }
  const value = resolvedBy === null ? field.value : current?.[field.field]
  if (value === undefined || sameJson(value, field.theirs)) return { of: 'theirs' }
  if (sameJson(value, field.mine)) return { of: 'mine' }
  return hasSecret(field) ? { of: 'theirs' } : typed(value)
}

/** Nothing chosen yet: every field as it was given. */
export const startOf = (conflict: Conflict): Draft => ({
  picks: Object.fromEntries(conflict.fields.map((field) => [field.field, givenPick(conflict, field)])),
  json: null,
})

export const allOf = (conflict: Conflict, side: Side): Draft => ({
  picks: Object.fromEntries(conflict.fields.map(({ field }) => [field, { of: side }])),
  json: null,
})

/** The fields of the conflict that are taken as one with this one, itself among them. */
export const togetherWith = ({ tableName, fields }: Conflict, field: string): string[] => {
  const group = (FIELD_GROUPS[tableName] ?? []).find((one) => one.includes(field)) ?? [field]
  return fields.map((one) => one.field).filter((one) => group.includes(one))
}

/** A side for a field, and for what belongs to it. */
export const takeSide = (conflict: Conflict, draft: Draft, field: string, side: Side): Draft => ({
  ...draft,
  picks: {
    ...draft.picks,
    ...Object.fromEntries(togetherWith(conflict, field).map((one) => [one, { of: side }])),
  },
})

/** Starts to type a field, from the value it would get now. */
export const startTyping = (draft: Draft, field: ConflictField): Draft => {
  const pick = draft.picks[field.field]
  const value = pick && pick.of !== 'own' ? field[pick.of] : null
  return { ...draft, picks: { ...draft.picks, [field.field]: typed(value) } }
}

export const typeField = (draft: Draft, field: string, text: string): Draft => ({
  ...draft,
  picks: { ...draft.picks, [field]: { of: 'own', text } },
})

type Read = { value: Json } | { problem: string }

const parse = (text: string): Read => {
  const parsed = parseJson(text)
  return parsed.ok
    ? { value: parsed.value }
    : { problem: 'This is no JSON: text stands in "quotes", nothing is null.' }
}

/** The value a field would get, or what is wrong with what was typed. */
export const resultOf = (field: ConflictField, { picks }: Draft): Read => {
  const pick = picks[field.field] ?? { of: 'theirs' }
  return pick.of === 'own' ? parse(pick.text) : { value: field[pick.of] }
}

/** The fields as one JSON object; those with secrets stay chosen by side. */
export const toJson = (conflict: Conflict, draft: Draft): string => {
  const entries = conflict.fields
    .filter((field) => !hasSecret(field))
    .map((field) => {
      const result = resultOf(field, draft)
      return [field.field, 'value' in result ? result.value : null]
    })
  return pretty(Object.fromEntries(entries))
}

const pickOf = (field: ConflictField, value: Json): Pick =>
  sameJson(value, field.mine)
    ? { of: 'mine' }
    : sameJson(value, field.theirs)
      ? { of: 'theirs' }
      : typed(value)

/** The draft that a typed object means, or what is wrong with it. */
export const readJson = (conflict: Conflict, draft: Draft): Draft | { problem: string } => {
  if (draft.json === null) return draft
  const read = parse(draft.json)
  if ('problem' in read) return read
  const { value } = read
  if (!isObject(value)) return { problem: 'This is no object of fields and values.' }
  const open = conflict.fields.filter((field) => !hasSecret(field))
  const odd = Object.keys(value).find((name) => !open.some(({ field }) => field === name))
  if (odd !== undefined) return { problem: `${odd} is not among the fields of this conflict.` }
  const given = open.filter(({ field }) => Object.hasOwn(value, field))
  const picks = given.map((field): [string, Pick] => [field.field, pickOf(field, value[field.field] ?? null)])
  return { picks: { ...draft.picks, ...Object.fromEntries(picks) }, json: null }
}

export type Decision = Omit<ResolveInput, 'conflictId'>

const sideOfAll = (conflict: Conflict, { picks }: Draft): Side | null => {
  const sides = new Set(conflict.fields.map(({ field }) => picks[field]?.of))
  const [only] = sides
  return sides.size === 1 && (only === 'mine' || only === 'theirs') ? only : null
}

/** What the node is asked for, or why it cannot be. */
export const decide = (conflict: Conflict, written: Draft): Decision | { problem: string } => {
  const draft = readJson(conflict, written)
  if ('problem' in draft) return draft
  const side = sideOfAll(conflict, draft)
  if (side) return { take: side }
  const sides: Record<string, Side> = {}
  const merged: Image = {}
  for (const field of conflict.fields) {
    const pick = draft.picks[field.field] ?? { of: 'theirs' }
    // By name, not by value: secrets are not known here.
    if (pick.of !== 'own') {
      sides[field.field] = pick.of
      continue
    }
    const result = parse(pick.text)
    if ('problem' in result) return { problem: `${field.field}: ${result.problem}` }
    merged[field.field] = result.value
  }
  return {
    ...(Object.keys(sides).length > 0 && { sides }),
    ...(Object.keys(merged).length > 0 && { merged }),
  }
}

/** Whether saving would decide anything anew. */
export const isChanged = (conflict: Conflict, written: Draft): boolean => {
  const draft = readJson(conflict, written)
  return !('problem' in draft) && !sameJson(draft.picks, startOf(conflict).picks)
}

const OTHER: Record<Side, Side> = { mine: 'theirs', theirs: 'mine' }

/** What takes back the rule: the other side for every field; null where that is no undo. */
export const otherSides = (conflict: Conflict): Decision | null => {
  if (conflict.kind !== 'Edit') return null
  const { picks } = startOf(conflict)
  const flipped = Object.fromEntries(
    Object.entries(picks).map(([field, pick]): [string, Pick] => [
      field,
      pick.of === 'own' ? pick : { of: OTHER[pick.of] },
    ]),
  )
  const decision = decide(conflict, { picks: flipped, json: null })
  return 'problem' in decision ? null : decision
}

/** Fields that hold another value now than they were given, with that value. */
export const changedSince = (conflict: Conflict): { field: string; now: Json }[] => {
  const { current, resolvedBy, resolution } = conflict
  // What was typed then is not kept: there is nothing to compare with.
  if (current === null || (resolvedBy !== null && resolution === 'merged')) return []
  const start = startOf(conflict)
  return conflict.fields.flatMap((field) => {
    const given = resultOf(field, start)
    const now = current[field.field] ?? null
    return 'value' in given && !sameJson(given.value, now) ? [{ field: field.field, now }] : []
  })
}
