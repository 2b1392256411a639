import { ActionIcon } from '@mantine/core'
import { ZoomInIcon, ZoomOutIcon, SyncIcon } from '@primer/octicons-react'
import { useEffect, useRef, useState } from 'react'
import { clock, moment } from '../../lib/format.ts'
import { idle, settle, type Loadable } from '../../lib/loadable.ts'
import type { ReadSpan, TimelineData } from '../../lib/read-timeline.ts'
import { useCommands } from '../../lib/use-commands.ts'
import { useSlow } from '../../lib/use-slow.ts'
import { shifted, zoomed, type Span } from './spans.ts'
import { RunTrack } from './run-track.tsx'

interface RunTimelineProps {
  label: string
  /** Must stay the same while the same is asked for: another one is read anew. */
  read: ReadSpan
  /** How much of the past is shown at first. */
  lengthMs: number
  /** Changes when something ended: then it is read again. */
  version?: unknown
}

/** Runs end all the time on a busy cluster; a picture of a day need not follow each. */
const READ_AGAIN_MS = 10_000

/** The wheel, or a key that is held, asks for many spans: after the first one, only that at which it rests is read. */
const SETTLE_MS = 120

const latestSpan = (lengthMs: number): Span => ({ from: Date.now() - lengthMs, to: Date.now() })

/** Runs of the past over time, nearer or further as one likes: keys, the wheel with Ctrl, or a span that is dragged over. */
export function RunTimeline({ label, read, lengthMs, version }: RunTimelineProps) {
  const [chosen, setChosen] = useState<{ span: Span; of: number } | null>(null)
  const own = chosen?.of === lengthMs ? chosen.span : null
  const [data, setData] = useState<Loadable<TimelineData>>(idle)
  const [said, setSaid] = useState('')
  const span = own ?? (data.status === 'ready' ? data.data.span : latestSpan(lengthMs))
  const slowVersion = useSlow(version, READ_AGAIN_MS)
  const shown = useRef({ of: read, data })
  const askedAt = useRef(-Infinity)
  useEffect(() => {
    shown.current.data = data
  })
  useEffect(() => {
    // What is shown of something else is no answer, also where there is none.
    const before = shown.current.of === read ? shown.current.data : idle
    shown.current.of = read
    const control = new AbortController()
    const ask = async (): Promise<void> => {
      const next = await settle(before, read(own ?? latestSpan(lengthMs), control.signal))
      if (!control.signal.aborted) setData(next)
    }
    const timer = setTimeout(
      () => void ask(),
      performance.now() - askedAt.current < SETTLE_MS ? SETTLE_MS : 0,
    )
    askedAt.current = performance.now()
    return () => {
      clearTimeout(timer)
      control.abort()
    }
  }, [read, own, lengthMs, slowVersion])
  const show = (next: Span): void => setChosen({ span: next, of: lengthMs })
  const zoom = (factor: number, around?: number): void => show(zoomed(span, factor, Date.now(), around))
  const reset = (): void => setChosen(null)
  useCommands('timeline', { out: () => zoom(2), in: () => zoom(0.5), reset: own ? reset : undefined })
  return (
    <div className="run-timeline" aria-label={label} role="group">
      <div className="chart-name">
        <span className="label">{label}</span>
        <span className="t3 small num">{spanWords(span)}</span>
        <span className="grow" />
        <ActionIcon
          size="sm"
          aria-label="Zoom out"
          aria-keyshortcuts="["
          title="Zoom out ([)"
          onClick={() => zoom(2)}
        >
          <ZoomOutIcon size={14} />
        </ActionIcon>
        <ActionIcon
          size="sm"
          aria-label="Zoom in"
          aria-keyshortcuts="]"
          title="Zoom in (])"
          onClick={() => zoom(0.5)}
        >
          <ZoomInIcon size={14} />
        </ActionIcon>
        <ActionIcon
          size="sm"
          aria-label="Reset the timeline"
          aria-keyshortcuts="="
          title="Reset (=)"
          disabled={own === null}
          onClick={reset}
        >
          <SyncIcon size={14} />
        </ActionIcon>
      </div>
      {(data.status === 'idle' || data.status === 'loading') && <div className="run-track-place" />}
      {data.status === 'failed' && <p className="bad small">{data.error.message}</p>}
      {data.status === 'ready' && (
        <RunTrack
          data={data.data}
          onSelect={show}
          onZoom={zoom}
          onPan={(part) => show(shifted(span, part, Date.now()))}
          onSay={setSaid}
        />
      )}
      <Axis span={data.status === 'ready' ? data.data.span : span} />
      <p className="small t2 num run-said cut" role="status">
        {said}
      </p>
    </div>
  )
}

const spanWords = ({ from, to }: Span): string => {
  const now = new Date()
  return `${moment(new Date(from), now, 'minutes')} to ${clock(new Date(to), now)}`
}

const TICKS = [0, 0.25, 0.5, 0.75, 1]

const Axis = ({ span: { from, to } }: { span: Span }) => (
  <div className="run-axis num" aria-hidden>
    {TICKS.map((part) => (
      <span key={part}>{clock(new Date(from + (to - from) * part), new Date())}</span>
    ))}
  </div>
)
