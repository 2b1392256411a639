import uFuzzy from '@leeoniya/ufuzzy'

/** Matching of what the window knows itself: views, settings, nodes, actions. Tasks and runs are the node's answer. */

/** Words in any order, in any script; one slip of the finger in each is forgiven. */
const fuzzy = new uFuzzy({
  unicode: true,
  interSplit: "[^\\p{L}\\d']+",
  intraSplit: '\\p{Ll}\\p{Lu}',
  intraBound: '\\p{L}\\d|\\d\\p{L}|\\p{Ll}\\p{Lu}',
  intraChars: "[\\p{L}\\d']",
  intraContr: "'\\p{L}{1,2}\\b",
  intraMode: 1,
  intraIns: 1,
  intraSub: 1,
  intraTrn: 1,
  intraDel: 1,
})

const WORDS_IN_ANY_ORDER = 4
const MOST_RANKED = 1000

/** Those that match, best first; all of them, in their order, where nothing is asked for. */
export const matching = <T>(items: readonly T[], textOf: (item: T) => string, wanted: string): T[] => {
  if (wanted.trim() === '') return [...items]
  const [found, info, order] = fuzzy.search(items.map(textOf), wanted, WORDS_IN_ANY_ORDER, MOST_RANKED)
  const ranked = info && order ? order.map((at) => info.idx[at] ?? -1) : (found ?? [])
  return ranked.flatMap((at) => items[at] ?? [])
}

/** A piece of a text, and whether it is what was asked for. */
export interface Piece {
  text: string
  isHit: boolean
}

/** A text in pieces: what matches is told apart. A text that does not match is one piece. */
export const piecesOf = (text: string, wanted: string): Piece[] => {
  const [found, info] = wanted.trim() === '' ? [] : fuzzy.search([text], wanted, WORDS_IN_ANY_ORDER)
  // Where nothing is found the rest of the answer is empty, too, whatever its type says.
  const ranges = found?.length && info ? info.ranges[0] : undefined
  if (!ranges || ranges.length === 0) return [{ text, isHit: false }]
  const piece = (part: string, isHit: boolean): Piece => ({ text: part, isHit })
  return uFuzzy
    .highlight<Piece[], Piece>(text, ranges, piece, [], (pieces, one) => [...pieces, one])
    .filter((one) => one.text !== '')
}
