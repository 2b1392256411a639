import type { CapturedTable } from '../capture.ts'
import type { Column } from '../columns.ts'

/*
 * What the capture triggers of all servers have in common. An image is one JSON text, its fields in the order of
 * the columns and without blanks, letter by letter what SQLite's json_object makes of the same row: then a digest
 * and a copy to another kind of database agree (replication.md §1).
 */

/** Names of capture objects begin with this, so that they can be told from other people's. */
export const CAPTURE_PREFIX = 'capture_'

export const captureName = (table: CapturedTable): string => `${CAPTURE_PREFIX}${table.name}`

/** A text literal; what is quoted here are names of this program's own tables and columns. */
export const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`

/** How one dialect writes the JSON form of a column's value, and joins texts. */
export interface ImageWords {
  /** JSON text of a value that is text, or the word null. */
  text: (value: string) => string
  /** JSON number of a value, or the word null. */
  number: (value: string) => string
  /** The value as text: for whole numbers that JSON readers would round. */
  asText: (value: string) => string
  /** The bytes as capital hexadecimal text. */
  hex: (value: string) => string
  concat: (parts: readonly string[]) => string
  column: (row: string, column: string) => string
}

/** The image of a row as an expression. */
export const imageOf = (words: ImageWords, row: string, columns: readonly Column[]): string => {
  const fields = columns.flatMap((column, index) => [
    literal(`${index === 0 ? '{' : ','}"${column.column}":`),
    jsonOf(words, words.column(row, column.column), column),
  ])
  return words.concat([...fields, literal('}')])
}

const jsonOf = (words: ImageWords, value: string, { kind }: Column): string => {
  if (kind === 'whole' || kind === 'flag') return words.number(value)
  if (kind === 'bigint') return words.text(words.asText(value))
  return words.text(kind === 'bytes' ? words.hex(value) : value)
}

/** The JSON array that a row of the log is hashed over (digest.ts), given its fields as JSON texts. */
export const digestedArray = (words: Pick<ImageWords, 'concat'>, fields: readonly string[]): string =>
  words.concat([...fields.flatMap((field, index) => [literal(index === 0 ? '[' : ','), field]), literal(']')])

/** What a trigger writes of a change; its number in the log is given later (sequencer). */
export const LOG_COLUMNS = [
  ...[
    'ChangeID',
    'TableName',
    'RecordID',
    'Action',
    'OldData',
    'NewData',
    'ChangedBy',
    'ChangedAt',
    'NodeID',
  ],
  ...['ChangeReason', 'TransactionID', 'Origin', 'SchemaVersion', 'Digest'],
]
