/** Output as scripts write it: the 16 colours and bold are kept, every other escape sequence is dropped. */

export const ANSI_COLORS = ['dim', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'plain'] as const
export type AnsiColor = (typeof ANSI_COLORS)[number]

export interface AnsiStyle {
  color: AnsiColor | null
  bold: boolean
}
export interface AnsiPart extends AnsiStyle {
  text: string
}

export const PLAIN: AnsiStyle = { color: null, bold: false }

// CSI (colours, cursor), OSC (titles, links) up to BEL or ST, and two-character escapes.
// eslint-disable-next-line no-control-regex -- these control characters are what is looked for
const ESCAPE = /\u001b(?:\[([0-9;:?]*)([@-~])|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[@-Z\\-_])/g

const colorOf = (code: number): AnsiColor | undefined => {
  if (code >= 30 && code <= 37) return ANSI_COLORS[code - 30]
  if (code >= 90 && code <= 97) return ANSI_COLORS[code - 90]
  return undefined
}

const applyCode = (style: AnsiStyle, code: number): AnsiStyle => {
  if (code === 0) return PLAIN
  if (code === 1) return { ...style, bold: true }
  if (code === 2) return { ...style, color: 'dim' }
  if (code === 22) return { ...style, bold: false }
  if (code === 39) return { ...style, color: null }
  const color = colorOf(code)
  return color ? { ...style, color } : style
}

/** `38;5;n` and `38;2;r;g;b` name colours beyond the 16: they and their numbers are passed over. */
const applyCodes = (style: AnsiStyle, codes: readonly number[]): AnsiStyle => {
  let next = style
  for (let i = 0; i < codes.length; i++) {
    const code = codes[i] ?? 0
    if (code === 38 || code === 48) i += codes[i + 1] === 5 ? 2 : 4
    else next = applyCode(next, code)
  }
  return next
}

/** One line in parts of one style each; `rest` is the style the next line starts with. */
export const parseAnsi = (line: string, start: AnsiStyle = PLAIN): { parts: AnsiPart[]; rest: AnsiStyle } => {
  const parts: AnsiPart[] = []
  let style = start
  let from = 0
  const push = (text: string): void => {
    if (text) parts.push({ text, ...style })
  }
  for (const match of line.matchAll(ESCAPE)) {
    push(line.slice(from, match.index))
    from = match.index + match[0].length
    if (match[2] === 'm') style = applyCodes(style, (match[1] ?? '').split(/[;:]/).map(Number))
  }
  push(line.slice(from))
  return { parts, rest: style }
}

/** The text without any escape sequence. */
export const stripAnsi = (text: string): string => text.replace(ESCAPE, '')
