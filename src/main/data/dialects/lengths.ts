import type { ColumnWord } from './dialect.ts'

const LENGTHS = { key: 36, time: 24, word: 20 } as const

/** Characters of a short text column. */
export const lengthOf = (word: Extract<ColumnWord, keyof typeof LENGTHS | `name${number}`>): number =>
  word in LENGTHS ? LENGTHS[word as keyof typeof LENGTHS] : Number(word.slice('name'.length))
