import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useRef, type ReactNode } from 'react'
import { useKeptPlace } from './kept-place.ts'

interface VirtualLinesProps<T> {
  label: string
  lines: readonly T[]
  keyOf: (line: T) => string
  /** Height of a line, in px. */
  sizeOf: (line: T) => number
  classOf: (line: T) => string
  /** The key of the line that stays in sight when it becomes another. */
  shown: string | undefined
  /** The end of what was read is in sight. */
  onEnd: () => void
  children: (line: T) => ReactNode
}

/** A list whose lines are heads and rows of several heights; only those in sight are in the page. */
export function VirtualLines<T>(props: VirtualLinesProps<T>) {
  const { lines, keyOf, sizeOf, shown, onEnd } = props
  const scroller = useRef<HTMLDivElement>(null)
  const kept = useKeptPlace(props.label, () => ({ top: scroller.current?.scrollTop ?? 0, cursor: null }))
  const isBack = useRef(kept !== null)
  // eslint-disable-next-line react-hooks/incompatible-library -- nothing here is memoized by hand
  const virtual = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: (i) => (lines[i] === undefined ? 0 : sizeOf(lines[i])),
    getItemKey: (i) => (lines[i] === undefined ? i : keyOf(lines[i])),
    overscan: 8,
    initialOffset: kept?.top ?? 0,
  })
  const items = virtual.getVirtualItems()
  const lastShown = items.at(-1)?.index ?? 0
  useEffect(() => {
    if (lastShown >= lines.length - 10) onEnd()
  }, [lastShown, lines.length, onEnd])
  const shownAt = shown === undefined ? -1 : lines.findIndex((line) => keyOf(line) === shown)
  useEffect(() => {
    if (shownAt >= 0 && !isBack.current) virtual.scrollToIndex(shownAt)
    isBack.current = false
    // Only when another line is shown: new lines above it are no reason to move what somebody reads.
    // eslint-disable-next-line react-hooks/exhaustive-deps -- as said
  }, [shown])
  return (
    <div className="vlines" ref={scroller} tabIndex={-1}>
      <ul aria-label={props.label} style={{ height: virtual.getTotalSize(), position: 'relative' }}>
        {items.map((item) => {
          const line = lines[item.index]
          if (line === undefined) return null
          return (
            <li
              key={item.key}
              className={props.classOf(line)}
              style={{ height: item.size, transform: `translateY(${item.start}px)` }}
            >
              {props.children(line)}
            </li>
          )
        })}
      </ul>
    </div>
  )
}
