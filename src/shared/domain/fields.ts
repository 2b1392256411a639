import { z } from 'zod'

/** Building blocks of the record schemas: one place says what an id, a time or a name may be. */

export const idSchema = z.string().min(1).max(36)

/** ISO-8601 UTC with milliseconds and `Z`, as every time at the edges is written. */
export const isoTimeSchema = z.iso.datetime({ precision: 3 })

/** A time as a person or a program may write it; any offset is accepted and normalized to UTC. */
export const looseTimeSchema = z.iso
  .datetime({ offset: true, error: 'must be an ISO-8601 time with a zone, like 2026-11-24T14:00:00Z' })
  .transform((text) => new Date(text).toISOString())

export const nameSchema = (max: number) =>
  z
    .string()
    .trim()
    .min(1, 'must not be empty')
    .max(max, `must be at most ${max} characters`)
    .regex(/^[^\p{Cc}]*$/u, 'must not contain control characters')

export const tagsSchema = z.array(nameSchema(50)).max(50, 'at most 50 tags')

/** Each field with its help text, which is its description in the API's document. */
export const explained = <T extends Record<string, z.ZodType>>(
  fields: T,
  help: { readonly [Name in NoInfer<keyof T>]: string },
): T => {
  const texts: Readonly<Record<string, string>> = help
  return Object.fromEntries(
    Object.entries(fields).map(([name, field]) => [name, field.describe(texts[name] ?? '')]),
  ) as T // the same fields
}

/** A page of a list: no totals, an opaque cursor when there may be more. */
export const pageSchema = <T extends z.ZodType>(item: T) =>
  z.object({ items: z.array(item), nextCursor: z.string().nullable() })

export interface Page<T> {
  items: T[]
  nextCursor: string | null
}

/** Query strings carry text: `limit` is coerced, a filter may be given once or several times (or). */
export const pageInput = {
  limit: z.coerce.number().int().min(1).max(1000).default(100),
  cursor: z.string().max(2000).optional(),
}

export const oneOrMany = <T extends z.ZodType>(item: T) =>
  z.union([z.array(item), item.transform((value) => [value])]).optional()

/** Booleans of a query string; a real boolean comes from typed clients. */
export const queryBoolean = z.union([
  z.boolean(),
  z.enum(['true', 'false'], 'must be true or false').transform((text) => text === 'true'),
])
