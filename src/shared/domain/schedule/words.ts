/** Small words that descriptions of schedules share. */

const UNITS = [
  { seconds: 86_400, short: 'days', one: '24 h' },
  { seconds: 3600, short: 'h', one: 'hour' },
  { seconds: 60, short: 'min', one: 'minute' },
  { seconds: 1, short: 's', one: 'second' },
]

/** `90 s`, `30 min`, `8 h`, `24 h`, `2 days`: in the largest unit that fits without a rest. */
export function duration(seconds: number): string {
  if (seconds === 86_400) return '24 h'
  const unit = UNITS.find((candidate) => seconds > 0 && seconds % candidate.seconds === 0)
  return unit ? `${seconds / unit.seconds} ${unit.short}` : `${seconds} s`
}

/** `every minute`, `every 30 min` */
export function every(seconds: number): string {
  const unit = UNITS.find((candidate) => candidate.seconds === seconds)
  return `every ${unit ? unit.one : duration(seconds)}`
}

/** `02:30`, `02:30 and 14:30`, `a, b and c` */
export const list = (words: string[]): string =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`
