import { Bar, BarChart, CartesianGrid, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts'
import { STATS_UNITS } from '../../../shared/domain/run-stats.ts'
import { clock, weekdayAndDate } from '../../lib/format.ts'
import { runStates } from '../../theme/states.tsx'
import type { RunChartData } from './store.ts'

/** The order of the stack: what is to be looked at lies on top of what went well. */
const STACK = ['Success', 'Skipped', 'Stopped', 'Lost', 'Timeout', 'Failed'] as const
type Stacked = (typeof STACK)[number]

/** Told apart in grey too: what ended badly has a pattern of its own. */
const FILL: Record<Stacked, string> = {
  Success: 'var(--line-strong)',
  Skipped: 'url(#pattern-skipped)',
  Stopped: 'var(--quiet)',
  Lost: 'url(#pattern-lost)',
  Timeout: 'url(#pattern-timeout)',
  Failed: 'var(--failed)',
}

const PATTERNS = [
  { id: 'pattern-skipped', color: 'var(--quiet)', angle: 0 },
  { id: 'pattern-lost', color: 'var(--lost)', angle: 90 },
  { id: 'pattern-timeout', color: 'var(--timeout)', angle: 45 },
]

const HEIGHT = 120
const tick = { fontSize: 11, fill: 'var(--text-3)' }

type Row = { at: number } & Partial<Record<Stacked, number>>

const isStacked = (state: string): state is Stacked => STACK.some((one) => one === state)

/** One row for each stretch of time, those without runs too: gaps are seen as gaps. */
const rowsOf = ({ outcome, unitMs, from, to }: RunChartData): Row[] => {
  const start = Math.floor(from / unitMs) * unitMs
  const rows: Row[] = Array.from({ length: Math.floor((to - start) / unitMs) + 1 }, (_, i) => ({
    at: start + i * unitMs,
  }))
  for (const { at, state, count } of outcome.counts) {
    const row = rows[Math.floor((Date.parse(at) - start) / unitMs)]
    if (row && isStacked(state)) row[state] = (row[state] ?? 0) + count
  }
  return rows
}

/** Loaded only when charts are shown. */
export default function RunCharts({ data }: { data: RunChartData }) {
  const now = new Date(data.to)
  // A day of UTC begins somewhere in ours: its date is what tells.
  const timeOf = (at: number): string =>
    data.unitMs >= STATS_UNITS.day ? weekdayAndDate(new Date(at), now) : clock(new Date(at), now)
  return (
    <figure>
      <figcaption className="label">How they ended</figcaption>
      <ResponsiveContainer width="100%" height={HEIGHT}>
        <BarChart
          data={rowsOf(data)}
          margin={{ top: 4, right: 4, bottom: 0, left: -18 }}
          accessibilityLayer={false}
        >
          <defs>
            {PATTERNS.map(({ id, color, angle }) => (
              <pattern
                key={id}
                id={id}
                width="4"
                height="4"
                patternUnits="userSpaceOnUse"
                patternTransform={`rotate(${angle})`}
              >
                <rect width="2" height="4" fill={color} />
              </pattern>
            ))}
          </defs>
          <CartesianGrid vertical={false} stroke="var(--line)" />
          <XAxis
            dataKey="at"
            tickFormatter={timeOf}
            tick={tick}
            minTickGap={48}
            stroke="var(--line-strong)"
          />
          <YAxis allowDecimals={false} tick={tick} width={46} stroke="none" />
          <Tooltip
            isAnimationActive={false}
            cursor={{ fill: 'var(--hover)' }}
            content={({ active, payload, label }) =>
              active && payload.length > 0 ? (
                <div className="chart-tip">
                  <b>{timeOf(Number(label))}</b>
                  {payload.map(({ name, value }) => (
                    <span key={String(name)}>
                      {String(value)} {String(name)}
                    </span>
                  ))}
                </div>
              ) : null
            }
          />
          {STACK.map((state) => (
            <Bar
              key={state}
              dataKey={state}
              name={runStates[state].word}
              stackId="runs"
              fill={FILL[state]}
              isAnimationActive={false}
            />
          ))}
        </BarChart>
      </ResponsiveContainer>
    </figure>
  )
}
