/** The schedules that most people mean, as choices; each kind uses some of the fields. */
export interface CronPattern {
  kind: 'minutes' | 'hourly' | 'daily' | 'weekly' | 'monthly' | 'lastDay'
  /** Minutes between runs. */
  every: number
  /** Of the hour. */
  minute: number
  /** `02:30` */
  time: string
  /** Days of the week as cron numbers them: 0 is Sunday. */
  days: string[]
  /** Of the month. */
  day: number
}

const isWhole = (value: number, from: number, to: number): boolean =>
  Number.isInteger(value) && value >= from && value <= to

/** The expression in five fields, or null while a choice is missing or out of its range. */
export const cronOf = ({ kind, every, minute, time, days, day }: CronPattern): string | null => {
  const clock = /^(\d{2}):(\d{2})$/.exec(time)
  const at = clock ? `${Number(clock[2])} ${Number(clock[1])}` : null
  switch (kind) {
    case 'minutes':
      return isWhole(every, 1, 59) ? `*/${every} * * * *` : null
    case 'hourly':
      return isWhole(minute, 0, 59) ? `${minute} * * * *` : null
    case 'daily':
      return at && `${at} * * *`
    case 'weekly':
      return at && days.length > 0 ? `${at} * * ${days.toSorted().join(',')}` : null
    case 'monthly':
      return at && isWhole(day, 1, 31) ? `${at} ${day} * *` : null
    case 'lastDay':
      return at && `${at} L * *`
  }
}
