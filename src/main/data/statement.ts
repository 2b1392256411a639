import { sql, type RawBuilder } from 'kysely'
import { badField } from '../../shared/domain/errors.ts'

/** What a statement may be given for its `@name` parameters. */
export type ParameterValue = string | number | bigint | boolean | null | Uint8Array
export type Parameters = Readonly<Record<string, ParameterValue>>

/**
 * Text that hides an `@`: strings, quoted names and comments are passed over as a whole. `@@name` is a
 * server's own variable.
 */
const TOKEN =
  /'(?:[^']|'')*'|"(?:[^"]|"")*"|`[^`]*`|\[[^\]]*\]|--[^\n]*|\/\*[\s\S]*?\*\/|@@\w+|@([A-Za-z_]\w*)/g

/**
 * A statement with `@name` parameters, values bound and never written into the text.
 *
 * @throws AppError BAD_REQUEST for a parameter that is not given, and for one that the text does not use.
 */
export const statementOf = (text: string, parameters: Parameters): RawBuilder<Record<string, unknown>> => {
  const pieces: string[] = []
  const values: ParameterValue[] = []
  const used = new Set<string>()
  let from = 0
  for (const match of text.matchAll(TOKEN)) {
    const name = match[1]
    if (name === undefined) continue
    pieces.push(text.slice(from, match.index))
    values.push(bound(parameters, name))
    used.add(name)
    from = match.index + match[0].length
  }
  pieces.push(text.slice(from))
  const unused = Object.keys(parameters).find((name) => !used.has(name))
  if (unused !== undefined) throw badField(['parameters', unused], 'is not used by the statement')
  return sql(Object.assign(pieces, { raw: pieces }), ...values)
}

/** Booleans are kept as 0 and 1 on every dialect. */
const bound = (parameters: Parameters, name: string): ParameterValue => {
  const value = Object.hasOwn(parameters, name) ? parameters[name] : undefined
  if (value === undefined)
    throw badField(['parameters', name], 'is missing; give every @name of the statement')
  return typeof value === 'boolean' ? Number(value) : value
}

/** @throws AppError BAD_REQUEST unless it is a plain name: letters, digits and `_`, at most 63 of them. */
export const identifier = (field: string, name: string): string => {
  if (/^[A-Za-z_][A-Za-z0-9_]{0,62}$/.test(name)) return name
  throw badField(
    [field],
    `${JSON.stringify(name)} is no name: letters, digits and _, not beginning with a digit`,
  )
}
