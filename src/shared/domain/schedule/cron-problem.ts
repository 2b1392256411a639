import { CronPattern } from 'croner'

/** What is wrong with a cron expression, in the words of the person who wrote it. */

interface Field {
  name: string
  max: number
  may: string
}

const number = (range: string): string =>
  `must be ${range}, as a number, * for every, a list (8,12), a range (9-17) or a step (*/2, 8-18/2)`

const FIELDS: Field[] = [
  { name: 'second', max: 59, may: number('0-59') },
  { name: 'minute', max: 59, may: number('0-59') },
  { name: 'hour', max: 23, may: number('0-23') },
  {
    name: 'day of month',
    max: 31,
    may: `${number('1-31')}; L is the last day, LW the last weekday, 15W the weekday nearest to it`,
  },
  { name: 'month', max: 12, may: `${number('1-12 or JAN-DEC')}` },
  {
    name: 'day of week',
    max: 6,
    may: `${number('0-7 or SUN-SAT (0 and 7 are Sunday)')}; 5#2 is the second Friday, 5L the last`,
  },
]

const NICKNAMES = '@yearly, @annually, @monthly, @weekly, @daily, @midnight or @hourly'

/** For an expression that parseCron refuses: which fields are wrong and what they may be. */
export function cronProblem(text: string): string {
  if (text.trim().startsWith('@')) return `unknown nickname "${text.trim()}": ${nicknameHint(text)}`
  const fields = text.trim().split(/\s+/)
  if (fields.length !== 5 && fields.length !== 6)
    return `has ${fields.filter(Boolean).length} fields: ${COUNT}`
  const offset = FIELDS.length - fields.length
  const problems = fields.flatMap((value, index) => {
    const field = FIELDS[index + offset]
    return field && refusal(alone(value, index + offset)) !== null ? [fieldProblem(field, value)] : []
  })
  // Every field is fine alone: whatever croner still objects to is best said in its own words.
  return problems.length > 0 ? problems.join('; ') : (refusal(text) ?? 'is not a cron expression')
}

const COUNT =
  'a cron expression has 5 (minute, hour, day of month, month, day of week), or 6 with seconds first'

function nicknameHint(text: string): string {
  if (/^\s*@every/i.test(text))
    return 'for every so many seconds write { "type": "interval", "everySeconds": 300 }'
  return `may be ${NICKNAMES}`
}

/** The expression with every field but one left open, so that a refusal is that field's. */
const alone = (value: string, index: number): string =>
  FIELDS.map((_, at) => (at === index ? value : '*')).join(' ')

function fieldProblem({ name, max, may }: Field, value: string): string {
  return `${name} "${value}" ${hint(value, max)}${may}`
}

/** The two mistakes people bring from other crons. */
function hint(value: string, max: number): string {
  const wrapped = /^(\d+)-(\d+)$/.exec(value)
  if (wrapped && Number(wrapped[1]) > Number(wrapped[2]))
    return 'runs backwards (split it into two ranges); it '
  if (/^\d+\/\d+$/.test(value))
    return `has a step without a range (write ${value.replace('/', `-${max}/`)} or */n); it `
  return ''
}

function refusal(text: string): string | null {
  try {
    new CronPattern(text, 'UTC', { mode: '5-or-6-parts' })
    return null
  } catch (error) {
    return error instanceof Error ? error.message.replace(/^CronPattern: /, '') : String(error)
  }
}
