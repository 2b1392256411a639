/** A piece of a text: in both (` `), only in the old one (`-`), or only in the new one (`+`). */
export interface Piece {
  kind: ' ' | '-' | '+'
  text: string
}

/** Beyond this the table of the comparison grows too large for a screen; the whole text counts as replaced. */
const MAX_CELLS = 1_000_000

const words = (text: string): string[] => text.match(/\s+|[\p{L}\p{N}_]+|[^\s\p{L}\p{N}_]/gu) ?? []

/** Lengths of the longest common subsequences of every pair of tails. */
const lengths = (a: readonly string[], b: readonly string[]): Uint16Array[] => {
  const table = Array.from({ length: a.length + 1 }, () => new Uint16Array(b.length + 1))
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--) {
      const next =
        a[i] === b[j] ? at(table, i + 1, j + 1) + 1 : Math.max(at(table, i + 1, j), at(table, i, j + 1))
      table[i]?.fill(next, j, j + 1)
    }
  return table
}

const at = (table: readonly Uint16Array[], i: number, j: number): number => table[i]?.[j] ?? 0

/** Word by word, the longest common subsequence kept; neighbours of a kind are joined. */
export const wordDiff = (before: string, after: string): Piece[] => {
  const [a, b] = [words(before), words(after)]
  if (a.length * b.length > MAX_CELLS) return joined([...all('-', a), ...all('+', b)])
  const table = lengths(a, b)
  const pieces: Piece[] = []
  let [i, j] = [0, 0]
  while (i < a.length && j < b.length) {
    const [left = '', right = ''] = [a[i], b[j]]
    if (left === right) {
      pieces.push({ kind: ' ', text: left })
      i++
      j++
    } else if (at(table, i + 1, j) >= at(table, i, j + 1)) {
      pieces.push({ kind: '-', text: left })
      i++
    } else {
      pieces.push({ kind: '+', text: right })
      j++
    }
  }
  return joined([...pieces, ...all('-', a.slice(i)), ...all('+', b.slice(j))])
}

const all = (kind: Piece['kind'], texts: readonly string[]): Piece[] => texts.map((text) => ({ kind, text }))

const joined = (pieces: readonly Piece[]): Piece[] => {
  const result: Piece[] = []
  for (const piece of pieces) {
    const last = result.at(-1)
    if (last?.kind === piece.kind) last.text += piece.text
    else result.push({ ...piece })
  }
  return result
}
