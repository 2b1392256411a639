import { clock, moment, relative, since, utc, type Precision } from '../lib/format.ts'
import { useTicking } from '../lib/use-now.ts'

/** Times as people read them: local, with UTC on hover, the relative ones ticking. `at` is ISO-8601 UTC. */

const ms = (at: string): number => Date.parse(at)

export function Relative({ at }: { at: string }) {
  const text = useTicking((now) => relative(ms(at), now))
  return (
    <time className="num" dateTime={at} title={utc(new Date(at))}>
      {text}
    </time>
  )
}

/** `for 1 m`, of something that is going on. */
export function Since({ at }: { at: string }) {
  const text = useTicking((now) => since(ms(at), now))
  return <span className="num">{text}</span>
}

export function Clock({ at, precision = 'minutes' }: { at: string; precision?: Precision }) {
  const text = useTicking((now) => clock(new Date(at), new Date(now), precision))
  return (
    <time className="num" dateTime={at} title={utc(new Date(at))}>
      {text}
    </time>
  )
}

/** `Tue 24 Nov 14:05:22`: one moment in full. */
export function Moment({ at, precision = 'seconds' }: { at: string; precision?: Precision }) {
  const text = useTicking((now) => moment(new Date(at), new Date(now), precision))
  return (
    <time className="num" dateTime={at} title={utc(new Date(at))}>
      {text}
    </time>
  )
}
