import { parseAnsi, PLAIN, type AnsiStyle } from '../../lib/ansi.ts'

/** One line of a script's output, with the colour that is still on where it starts. */
export interface OutputLine {
  text: string
  start: AnsiStyle
}

/** What is shown of an output: the newest lines, and how many older ones were let go. */
export interface Output {
  lines: readonly OutputLine[]
  dropped: number
  bytes: number
}

export const emptyOutput: Output = { lines: [], dropped: 0, bytes: 0 }

/** Beyond this the oldest lines go: a page that stays open must not grow without end. */
const MAX_LINES = 100_000
/** Not at each line: so many more stay until then. */
const SLACK = 1.02

/** A carriage return starts the line again, as progress bars do on a terminal. */
const visible = (text: string): string => {
  const line = text.endsWith('\r') ? text.slice(0, -1) : text
  return line.slice(line.lastIndexOf('\r') + 1)
}

const styleAfter = (line: OutputLine): AnsiStyle =>
  line.text.includes('\u001b') ? parseAnsi(line.text, line.start).rest : line.start

/** Gathers chunks into lines. The last line stays open until its end comes; `read` gives all so far. */
export const createOutputBuffer = () => {
  let lines: OutputLine[] = []
  let open = ''
  let openStart = PLAIN
  let dropped = 0
  let bytes = 0

  const close = (text: string): void => {
    const line = { text: visible(text), start: openStart }
    lines.push(line)
    openStart = styleAfter(line)
  }
  const push = (text: string): void => {
    bytes += text.length
    const [first = '', ...rest] = text.split('\n')
    open += first
    for (const next of rest) {
      close(open)
      open = next
    }
    if (lines.length <= MAX_LINES * SLACK) return
    dropped += lines.length - MAX_LINES
    lines = lines.slice(-MAX_LINES)
  }
  const read = (): Output => ({
    lines: open === '' ? [...lines] : [...lines, { text: visible(open), start: openStart }],
    dropped,
    bytes,
  })
  return { push, read }
}
