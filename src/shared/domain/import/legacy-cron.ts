// PSWebHost's own reading of a cron expression (its `Test-CronExpression`): five fields, server local time,
// looked at once a minute. Minute and hour know `*`, steps (`*/n`) and a number, the other fields `*` and a
// number; whatever else stands in a field matches always. Day and weekday must both match; Sunday is 0 only.

/** The wall-clock parts that the old engine compared; month from 1, Sunday = 0. */
export interface WallMinute {
  minute: number
  hour: number
  day: number
  month: number
  weekday: number
}

type Part = keyof WallMinute

/** In the order of the expression; `steps` marks the fields in which the old engine knew steps. */
const FIELDS: readonly { part: Part; min: number; max: number; steps: boolean }[] = [
  { part: 'minute', min: 0, max: 59, steps: true },
  { part: 'hour', min: 0, max: 23, steps: true },
  { part: 'day', min: 1, max: 31, steps: false },
  { part: 'month', min: 1, max: 12, steps: false },
  { part: 'weekday', min: 0, max: 6, steps: false },
]

type Rule = { kind: 'any' } | { kind: 'step'; every: number } | { kind: 'exactly'; value: number }

const readField = (text: string, steps: boolean): Rule => {
  const step = steps ? /^\*\/(\d+)$/.exec(text)?.[1] : undefined
  if (step !== undefined) return { kind: 'step', every: Number(step) }
  return /^\d+$/.test(text) ? { kind: 'exactly', value: Number(text) } : { kind: 'any' }
}

/** Not trimmed: a leading blank made six parts of five, and the old engine then never ran the task. */
const readRules = (expression: string): Rule[] | null => {
  const parts = expression.split(/\s+/)
  if (parts.length !== FIELDS.length) return null
  return FIELDS.map((field, index) => readField(parts[index] ?? '', field.steps))
}

const matchesRule = (rule: Rule, value: number): boolean => {
  switch (rule.kind) {
    case 'any':
      return true
    case 'step':
      // PowerShell fails on a remainder by zero, and the engine took that for "not now".
      return rule.every > 0 && value % rule.every === 0
    case 'exactly':
      return rule.value === value
  }
}

export const legacyMatches = (expression: string, wall: WallMinute): boolean => {
  const rules = readRules(expression)
  return rules?.every((rule, index) => matchesRule(rule, wall[FIELDS[index]?.part ?? 'minute'])) ?? false
}

/** One field in standard cron; null when it can never match. */
const translateRule = (rule: Rule, { min, max }: { min: number; max: number }): string | null => {
  switch (rule.kind) {
    case 'any':
      return '*'
    case 'step':
      if (rule.every === 0) return null
      return rule.every === 1 ? '*' : rule.every > max ? '0' : `*/${rule.every}`
    case 'exactly':
      return rule.value >= min && rule.value <= max ? String(rule.value) : null
  }
}

/**
 * The standard expression that fires exactly when the old engine did; null when it never did. `+` before
 * the weekday says that day and weekday must both match (croner's notation; plain cron means either).
 */
export const translateLegacy = (expression: string): string | null => {
  const rules = readRules(expression)
  if (!rules) return null
  const fields = rules.map((rule, index) => translateRule(rule, FIELDS[index] ?? { min: 0, max: 0 }))
  if (fields.some((field) => field === null)) return null
  const [minute, hour, day, month, weekday] = fields
  const both = day !== '*' && weekday !== '*' ? '+' : ''
  return `${minute} ${hour} ${day} ${month} ${both}${weekday}`
}
