import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useRef } from 'react'
import { parseAnsi, stripAnsi, type AnsiPart, type AnsiStyle } from '../lib/ansi.ts'

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
}

const LINE_PX = 20
const NEAR_END_PX = 24

const ERROR = /\b(ERROR|Error|FATAL|CRITICAL|Traceback|Exception)\b/
const WARNING = /\b(WARN|WARNING|Warning)\b/

const markOf = (text: string): string => {
  const plain = stripAnsi(text)
  return ERROR.test(plain) ? 'error' : WARNING.test(plain) ? 'warning' : ''
}

/** Lines of output, only those in sight in the page: number and text, error lines tinted, warnings with a bar. */
export function LogView({ label, lines, firstNumber, follow, onFollow }: LogViewProps) {
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
  useEffect(() => {
    if (follow && lines.length > 0) virtual.scrollToIndex(lines.length - 1, { align: 'end' })
  }, [follow, lines.length, virtual])
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
    <div className="log-body mono" role="log" aria-label={label} tabIndex={0} ref={body} onScroll={onScroll}>
      <div style={{ height: virtual.getTotalSize(), position: 'relative' }}>
        {virtual.getVirtualItems().map((item) => {
          const line = lines[item.index]
          if (!line) return null
          return (
            <div
              key={item.key}
              className={`log-line ${markOf(line.text)}`}
              style={{ height: LINE_PX, transform: `translateY(${item.start}px)` }}
            >
              <span className="log-n" aria-hidden>
                {firstNumber + item.index}
              </span>
              <span>
                {parseAnsi(line.text, line.start).parts.map((part, i) => (
                  <Part key={i} {...part} />
                ))}
              </span>
            </div>
          )
        })}
      </div>
    </div>
  )
}

function Part({ text, color, bold }: AnsiPart) {
  if (color === null && !bold) return text
  const tint = color === null || color === 'plain' ? undefined : `var(--ansi-${color})`
  return <span style={{ color: tint, fontWeight: bold ? 600 : undefined }}>{text}</span>
}
