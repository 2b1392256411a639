import { z } from 'zod'

/*
 * Building blocks of the configuration. A message says what a value may be and completes the sentence
 * "KEY has VALUE; it may be …". Numbers and switches are taken as text too: `${NAME}` always expands to text.
 */

const numberLike = (value: unknown): unknown =>
  typeof value === 'string' && /^-?\d+$/.test(value.trim()) ? Number(value) : value

const SWITCHES: Readonly<Record<string, boolean>> = { true: true, false: false }
const switchLike = (value: unknown): unknown =>
  typeof value === 'string' && Object.hasOwn(SWITCHES, value) ? SWITCHES[value] : value

export const whole = (min: number, max: number, unit = '') => {
  const error = `a whole number from ${min} to ${max}${unit && ` ${unit}`}`
  return z.preprocess(numberLike, z.number(error).int(error).min(min, error).max(max, error))
}

export const onOff = () => z.preprocess(switchLike, z.boolean('true or false'))

const listed = (words: readonly string[]): string =>
  words.length < 2 ? words.join() : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`

export const oneOf = <const T extends readonly [string, ...string[]]>(words: T) =>
  z.enum(words, listed(words))

export const text = (max: number, what = `text of 1 to ${max} characters`) =>
  z
    .string(what)
    .trim()
    .min(1, what)
    .max(max, what)
    .regex(/^\P{Cc}*$/u, `${what}, without control characters`)

export const orNull = <T extends z.ZodType>(field: T) => field.nullable().default(null)

/** A group of keys; left out, it is all defaults. Keys it does not know are refused. */
export const section = <T extends z.ZodRawShape>(shape: T) =>
  z.strictObject(shape, `a group of keys: ${Object.keys(shape).join(', ')}`)
