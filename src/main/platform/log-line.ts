import { z } from 'zod'

const lineSchema = z.looseObject({
  level: z.string().default('info'),
  time: z.string().default(''),
  msg: z.string().default(''),
})
const errorSchema = z.looseObject({ message: z.string() })

/** A task's name or a script's message must not move the cursor or start a line of its own. */
const printable = (text: string): string => text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').trimEnd()

const valueText = (value: unknown): string => {
  const error = errorSchema.safeParse(value)
  if (error.success) return error.data.message
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** One JSON line as a person reads it: `time LEVEL message (field: value, …)`, an error by its message. */
export const humanLine = (json: string): string => {
  const { level, time, msg, ...fields } = lineSchema.parse(JSON.parse(json))
  const details = Object.entries(fields).map(([name, value]) => `${name}: ${valueText(value)}`)
  const tail = details.length > 0 ? ` (${details.join(', ')})` : ''
  return printable(`${time} ${level.toUpperCase().padEnd(5)} ${msg}${tail}`)
}
