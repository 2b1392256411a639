import type { MouseEvent } from 'react'
import {
  CartesianGrid,
  ReferenceArea,
  ReferenceDot,
  ReferenceLine,
  ResponsiveContainer,
  Scatter,
  ScatterChart,
  Tooltip,
  XAxis,
  YAxis,
} from 'recharts'
import { clock, duration } from '../../lib/format.ts'
import { runWords, type Trend, type TrendChange, type TrendPoint } from './trend.ts'

const HEIGHT = 150
const tick = { fontSize: 11, fill: 'var(--text-3)' }

/** Told apart in grey too. */
const LOOKS: readonly { kind: TrendPoint['kind']; shape: 'circle' | 'triangle' | 'cross'; fill: string }[] = [
  { kind: 'usual', shape: 'circle', fill: 'var(--running)' },
  { kind: 'outlier', shape: 'triangle', fill: 'var(--timeout)' },
  { kind: 'bad', shape: 'cross', fill: 'var(--failed)' },
]

interface TrendChartProps {
  trend: Trend
  changes: readonly TrendChange[]
  /** The run under the keyboard's cursor. */
  at: TrendPoint | null
  onOpen: (historyId: string, event: MouseEvent) => void
}

/** Loaded only when a trend is shown. */
export default function TrendChart({ trend, changes, at, onOpen }: TrendChartProps) {
  const { runs, usual, shift } = trend
  const from = runs[0]?.at ?? 0
  const to = runs.at(-1)?.at ?? 0
  const since = shift?.run.at ?? from
  const timeOf = (time: number): string => clock(new Date(time), new Date())
  return (
    <ResponsiveContainer width="100%" height={HEIGHT}>
      <ScatterChart margin={{ top: 12, right: 8, bottom: 0, left: -6 }} accessibilityLayer={false}>
        <CartesianGrid vertical={false} stroke="var(--line)" />
        <XAxis
          dataKey="at"
          type="number"
          domain={[from, to]}
          tickFormatter={timeOf}
          tick={tick}
          minTickGap={48}
          stroke="var(--line-strong)"
        />
        <YAxis
          dataKey="seconds"
          tickFormatter={duration}
          tick={tick}
          width={62}
          stroke="none"
          domain={[0, 'auto']}
        />
        {usual && (
          <ReferenceArea
            x1={since}
            x2={to}
            y1={usual.median}
            y2={usual.p95}
            fill="var(--running)"
            fillOpacity={0.13}
            stroke="none"
          />
        )}
        {usual && <Level from={since} to={to} y={usual.median} />}
        {shift && <Level from={from} to={since} y={shift.before} />}
        {changes
          .filter((change) => change.at >= from && change.at <= to)
          .map(({ changeId, at: time }) => (
            <ReferenceLine
              key={changeId}
              x={time}
              stroke="var(--accent)"
              strokeDasharray="2 3"
              label={{ value: '△', position: 'top', fill: 'var(--accent)', fontSize: 10 }}
            />
          ))}
        <Tooltip
          isAnimationActive={false}
          cursor={false}
          content={({ active, payload }) => {
            const point = active ? (payload[0]?.payload as TrendPoint | undefined) : undefined
            return point ? <div className="chart-tip">{runWords(point, usual)}</div> : null
          }}
        />
        {LOOKS.map(({ kind, shape, fill }) => (
          <Scatter
            key={kind}
            data={runs.filter((run) => run.kind === kind)}
            {...{ shape, fill }}
            isAnimationActive={false}
            cursor="pointer"
            onClick={({ payload }: { payload?: TrendPoint }, _index, event) =>
              payload && onOpen(payload.historyId, event)
            }
          />
        ))}
        {at && (
          <ReferenceDot x={at.at} y={at.seconds} r={7} fill="none" stroke="var(--accent)" strokeWidth={2} />
        )}
      </ScatterChart>
    </ResponsiveContainer>
  )
}

/** The median of a stretch of time. */
const Level = ({ from, to, y }: { from: number; to: number; y: number }) => (
  <ReferenceLine
    segment={[
      { x: from, y },
      { x: to, y },
    ]}
    stroke="var(--text-3)"
    strokeDasharray="4 3"
  />
)
