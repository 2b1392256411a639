import { stripAnsi } from '../../lib/ansi.ts'
import type { OutputLine } from './output.ts'

/** Indexes of the lines that hold the text, colours and case aside; none for an empty text. */
export const linesWith = (lines: readonly OutputLine[], text: string): number[] => {
  const wanted = text.toLowerCase()
  if (wanted === '') return []
  return lines.flatMap((line, i) => (stripAnsi(line.text).toLowerCase().includes(wanted) ? [i] : []))
}

/** The first of `found` behind `from`, or from the start again; null when there is none. */
export const nextOf = (found: readonly number[], from: number): number | null =>
  found.find((i) => i > from) ?? found[0] ?? null

/** The last of `found` before `from`, or from the end again. */
export const previousOf = (found: readonly number[], from: number): number | null =>
  found.findLast((i) => i < from) ?? found.at(-1) ?? null
