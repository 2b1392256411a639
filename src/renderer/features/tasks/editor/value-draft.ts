import type { Issue } from '../../../../shared/domain/errors.ts'
import type { Parameters } from '../../../../shared/domain/secret.ts'
import { parseJson } from '../../../lib/parse-json.ts'

/** One parameter or variable as the form holds it. */
export interface ValueRow {
  id: number
  name: string
  /** The text; the new text of a secret, empty while the stored one is kept. */
  value: string
  secret: boolean
  /** The value is not text: it is shown and written as JSON. */
  json: boolean
  /** A secret of this name is stored. */
  stored: boolean
}

export const newRow = (id: number): ValueRow => ({
  id,
  name: '',
  value: '',
  secret: false,
  json: false,
  stored: false,
})

const isHidden = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && 'secret' in value && value.secret === true

export const rowsOf = (values: Record<string, unknown>): ValueRow[] =>
  Object.entries(values).map(([name, value], id) => {
    if (isHidden(value)) return { ...newRow(id), name, secret: true, stored: true }
    if (typeof value === 'string') return { ...newRow(id), name, value }
    return { ...newRow(id), name, value: JSON.stringify(value), json: true }
  })

type Json = Parameters[string]

const valueOf = (row: ValueRow): Json => {
  if (row.secret) return { secret: row.stored && row.value === '' ? true : row.value }
  if (!row.json) return row.value
  const value = parseJson(row.value)
  return value.ok ? value.value : row.value
}

const isBlank = (row: ValueRow): boolean => row.name.trim() === '' && row.value === ''

export const valuesOf = (rows: readonly ValueRow[]): Record<string, Json> =>
  Object.fromEntries(rows.filter((row) => !isBlank(row)).map((row) => [row.name.trim(), valueOf(row)]))

/** What only the form can see: names given twice, names missing, text that is not JSON. */
export const rowIssues = (field: 'parameters' | 'environment', rows: readonly ValueRow[]): Issue[] => {
  const seen = new Set<string>()
  return rows.flatMap((row) => {
    const name = row.name.trim()
    const twice = seen.has(name)
    seen.add(name)
    if (isBlank(row)) return []
    if (name === '') return [{ path: [field, name], message: 'must have a name' }]
    if (twice) return [{ path: [field, name], message: `${name} is there twice` }]
    if (row.json && !row.secret && !parseJson(row.value).ok)
      return [{ path: [field, name], message: 'is not valid JSON; write it as text, or mend it' }]
    return []
  })
}
