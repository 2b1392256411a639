import { useEffect, useRef, useState, type KeyboardEvent, type MouseEvent, type PointerEvent } from 'react'
import type { Run } from '../../../shared/domain/run.ts'
import { clock, duration, things } from '../../lib/format.ts'
import type { TimelineData } from '../../lib/read-timeline.ts'
import { href } from '../../lib/router.ts'
import { looks } from '../../theme/states.tsx'
import { Shape } from '../state.tsx'
import { columnsOf, type Column } from './columns.ts'
import { BAD, placed, selected, type Span } from './spans.ts'

interface RunTrackProps {
  data: TimelineData
  onSelect: (span: Span) => void
  /** @param around the place that stays, 0 to 1 of the width */
  onZoom: (factor: number, around: number) => void
  onPan: (part: number) => void
  /** What is under the pointer or has the focus, in words. */
  onSay: (words: string) => void
}

const ROW = 14
const COLUMN_HEIGHT = 64

/** The runs themselves; arrows go from one to the next, Enter opens it. */
export function RunTrack({ data, onSelect, onZoom, onPan, onSay }: RunTrackProps) {
  const track = useRef<HTMLDivElement>(null)
  const partOf = (clientX: number): number => {
    const box = track.current?.getBoundingClientRect()
    return box && box.width > 0 ? Math.min(1, Math.max(0, (clientX - box.left) / box.width)) : 0
  }
  const { drag, ...dragging } = useDrag(partOf, (start, end) => {
    const found = selected(data.span, start, end)
    if (found) onSelect(found)
  })
  useWheel(track, (event) => onZoom(event.deltaY > 0 ? 1.5 : 1 / 1.5, partOf(event.clientX)))
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key]
    if (step === undefined) return
    if (event.shiftKey) onPan(step / 4)
    else focusNext(track.current, step)
    event.preventDefault()
    event.stopPropagation()
  }
  const rows = data.kind === 'runs' ? placed(data.runs, data.span, data.readAt) : []
  const height =
    data.kind === 'runs' ? ROW * (Math.max(0, ...rows.map(({ row }) => row)) + 1) + 14 : COLUMN_HEIGHT
  return (
    <div
      ref={track}
      className="run-track"
      role="group"
      aria-label={trackWords(data)}
      tabIndex={0}
      style={{ height }}
      onKeyDown={onKeyDown}
      {...dragging}
      onMouseLeave={() => onSay('')}
    >
      {data.kind === 'runs'
        ? rows.map(({ run, left, width, row }) => (
            <RunBar key={run.historyId} {...{ run, left, width, row, onSay }} />
          ))
        : columnsOf(data, COLUMN_HEIGHT - 6).map((column) => (
            <Counted key={column.from} column={column} onSelect={onSelect} onSay={onSay} />
          ))}
      {drag && (
        <span
          className="run-selection"
          style={{
            left: `${100 * Math.min(drag.start, drag.end)}%`,
            width: `${100 * Math.abs(drag.end - drag.start)}%`,
          }}
        />
      )}
    </div>
  )
}

const DRAG_PX = 4

/**
 * A span that is dragged over. Once it is one the track keeps the pointer, wherever it goes; until then a press is a
 * click on what is there, and afterwards it is none any more.
 */
const useDrag = (partOf: (clientX: number) => number, onEnd: (start: number, end: number) => void) => {
  const [drag, setDrag] = useState<{ start: number; end: number } | null>(null)
  const pressed = useRef<{ x: number } | null>(null)
  const wasDrag = useRef(false)
  const leave = (): void => {
    pressed.current = null
    setDrag(null)
  }
  return {
    drag,
    onPointerDown: (event: PointerEvent): void => {
      wasDrag.current = false
      pressed.current = event.button === 0 ? { x: event.clientX } : null
    },
    onPointerMove: (event: PointerEvent): void => {
      const from = pressed.current
      if (!from || (!wasDrag.current && Math.abs(event.clientX - from.x) < DRAG_PX)) return
      if (!wasDrag.current) event.currentTarget.setPointerCapture(event.pointerId)
      wasDrag.current = true
      setDrag({ start: partOf(from.x), end: partOf(event.clientX) })
    },
    onPointerUp: (): void => {
      if (drag) onEnd(drag.start, drag.end)
      leave()
    },
    onPointerCancel: leave,
    onClickCapture: (event: MouseEvent): void => {
      if (!wasDrag.current || event.detail === 0) return
      event.preventDefault()
      event.stopPropagation()
    },
  }
}

/** The page must not scroll or zoom with it, so the listener may not be a passive one. */
const useWheel = (track: React.RefObject<HTMLDivElement | null>, act: (event: WheelEvent) => void): void => {
  const latest = useRef(act)
  useEffect(() => {
    latest.current = act
  })
  useEffect(() => {
    const onWheel = (event: WheelEvent): void => {
      if (!event.ctrlKey) return
      event.preventDefault()
      latest.current(event)
    }
    const element = track.current
    element?.addEventListener('wheel', onWheel, { passive: false })
    return () => element?.removeEventListener('wheel', onWheel)
  }, [track])
}

const focusNext = (track: HTMLElement | null, step: number): void => {
  const all = [...(track?.querySelectorAll<HTMLElement>('[data-at]') ?? [])]
  const here = all.findIndex((one) => one === document.activeElement)
  const to = here < 0 ? (step > 0 ? 0 : all.length - 1) : here + step
  all[Math.max(0, Math.min(all.length - 1, to))]?.focus()
}

interface RunBarProps {
  run: Run
  left: number
  width: number
  row: number
  onSay: (words: string) => void
}

function RunBar({ run, left, width, row, onSay }: RunBarProps) {
  const isBad = BAD.includes(run.state)
  const words = runWords(run)
  const top = 7 + row * ROW
  const kind = run.state === 'Running' ? ' running' : isBad ? ' bad' : ''
  return (
    <>
      <a
        data-at={run.startTime}
        className={`lane-bar${kind}`}
        tabIndex={-1}
        draggable={false}
        href={href(['history', run.historyId])}
        aria-label={words}
        style={{
          ...{ left: `${left}%`, width: `${width}%`, top },
          ...(isBad && { background: looks[run.state].color }),
        }}
        onFocus={() => onSay(words)}
        onMouseEnter={() => onSay(words)}
      />
      {isBad && (
        <span className="run-end" style={{ left: `${left + width}%`, top }} aria-hidden>
          <Shape of={run.state} size={12} />
        </span>
      )}
    </>
  )
}

const timeOf = (at: number): string => clock(new Date(at), new Date(), 'seconds')

const runWords = ({ taskName, state, startTime, scheduledFor, duration: took, error }: Run): string => {
  const parts = [
    `${taskName}: ${looks[state].word.toLowerCase()}, began ${timeOf(Date.parse(startTime ?? scheduledFor))}`,
    took !== null && `took ${duration(took / 1000)}`,
    error,
  ]
  return parts.filter(Boolean).join(', ')
}

interface CountedProps {
  column: Column
  onSelect: (span: Span) => void
  onSay: (words: string) => void
}

/** Many runs as the node counted them; it opens by zooming in. */
function Counted({ column, onSelect, onSay }: CountedProps) {
  const { left, width, height, badHeight, from, to, ran, bad } = column
  const words = `${timeOf(from)} to ${timeOf(to)}: ${things(ran, 'run')}${bad > 0 ? `, ${bad} ended badly` : ''}`
  return (
    <button
      type="button"
      data-at={from}
      className="run-column"
      tabIndex={-1}
      aria-label={words}
      style={{ left: `${left}%`, width: `${width}%` }}
      onClick={(event) => event.detail !== 1 && onSelect({ from, to })}
      onFocus={() => onSay(words)}
      onMouseEnter={() => onSay(words)}
    >
      <i className="bad" style={{ height: badHeight }} />
      <i style={{ height: height - badHeight }} />
    </button>
  )
}

const trackWords = (data: TimelineData): string => {
  if (data.kind === 'runs') {
    const bad = data.runs.filter(({ state }) => BAD.includes(state)).length
    return `${things(data.runs.length, 'run')}, ${bad} ended badly: arrows go from run to run`
  }
  const total = data.counts.reduce((sum, { count }) => sum + count, 0)
  return `${data.capped ? 'At least ' : ''}${things(total, 'run')}, counted: arrows go from column to column, Enter zooms in`
}
