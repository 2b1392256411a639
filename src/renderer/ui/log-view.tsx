import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useRef } from 'react'
import { parseAnsi, type AnsiPart, type AnsiStyle } from '../lib/ansi.ts'
import { markOf } from '../lib/log-marks.ts'

interface LogLine {
  text: string
  start: AnsiStyle
}

interface LogViewProps {
  label: string
  lines: readonly LogLine[]
  /** The number of the first line: older ones may have been let go. */
  firstNumber: number
  /** Keeps the end in sight. */
  follow: boolean
  /** The reader scrolled up (false) or back to the end (true). */
  onFollow: (follow: boolean) => void
  /** Long lines go on in the next row instead of out of sight. */
  wrap: boolean
  /** What is searched for; its places are marked. */
  find: string
  /** The line to bring into sight; null: none. */
  current: number | null
}

const LINE_PX = 20
const NEAR_END_PX = 24

/** Lines of output, only those in sight in the page: number and text, error lines tinted, warnings with a bar. */
export function LogView(props: LogViewProps) {
  const { label, lines, firstNumber, follow, onFollow, wrap, find, current } = props
  const body = useRef<HTMLDivElement>(null)
  const lastTop = useRef(0)
  // eslint-disable-next-line react-hooks/incompatible-library -- nothing here is memoized by hand
  const virtual = useVirtualizer({
    count: lines.length,
    getScrollElement: () => body.current,
    estimateSize: () => LINE_PX,
    overscan: 20,
    paddingStart: 6,
    paddingEnd: 6,
  })
  useEffect(() => virtual.measure(), [wrap, virtual])
  useEffect(() => {
    if (follow && lines.length > 0) virtual.scrollToIndex(lines.length - 1, { align: 'end' })
  }, [follow, lines.length, virtual])
  useEffect(() => {
    if (current !== null) virtual.scrollToIndex(current, { align: 'center' })
  }, [current, virtual])
  const onScroll = (): void => {
    const element = body.current
    if (!element) return
    const up = element.scrollTop < lastTop.current - 2
    const atEnd = element.scrollHeight - element.scrollTop - element.clientHeight < NEAR_END_PX
    lastTop.current = element.scrollTop
    if (up && !atEnd && follow) onFollow(false)
    if (atEnd && !up && !follow) onFollow(true)
  }
  return (
    <div
      className={wrap ? 'log-body mono wrap' : 'log-body mono'}
      role="log"
      aria-label={label}
      tabIndex={0}
      ref={body}
      onScroll={onScroll}
    >
      <div style={{ height: virtual.getTotalSize(), position: 'relative' }}>
        {virtual.getVirtualItems().map((item) => {
          const line = lines[item.index]
          if (!line) return null
          const names = ['log-line', markOf(line.text), item.index === current && 'current']
          return (
            <div
              key={item.key}
              data-index={item.index}
              ref={wrap ? virtual.measureElement : undefined}
              className={names.filter(Boolean).join(' ')}
              style={{ minHeight: LINE_PX, transform: `translateY(${item.start}px)` }}
            >
              <span className="log-n" aria-hidden>
                {firstNumber + item.index}
              </span>
              <span>
                {parseAnsi(line.text, line.start).parts.map((part, i) => (
                  <Part key={i} {...part} find={find} />
                ))}
              </span>
            </div>
          )
        })}
      </div>
    </div>
  )
}

function Part({ text, color, bold, find }: AnsiPart & { find: string }) {
  const shown = find === '' ? text : <Marked text={text} find={find} />
  if (color === null && !bold) return shown
  const tint = color === null || color === 'plain' ? undefined : `var(--ansi-${color})`
  return <span style={{ color: tint, fontWeight: bold ? 600 : undefined }}>{shown}</span>
}

/** The text with each place of `find` marked, whatever its case. */
function Marked({ text, find }: { text: string; find: string }) {
  const parts: { from: number; text: string; hit: boolean }[] = []
  const lower = text.toLowerCase()
  const wanted = find.toLowerCase()
  let from = 0
  for (let at = lower.indexOf(wanted); at >= 0; at = lower.indexOf(wanted, from)) {
    parts.push({ from, text: text.slice(from, at), hit: false })
    from = at + wanted.length
    parts.push({ from: at, text: text.slice(at, from), hit: true })
  }
  parts.push({ from, text: text.slice(from), hit: false })
  return parts.map((part, i) =>
    part.hit ? <mark key={i}>{part.text}</mark> : <span key={i}>{part.text}</span>,
  )
}
