import type { CompiledQuery } from 'kysely'

/** A statement's text as a person reads it: long ones in lines, texts of their own lines as they are. */

const LONG = 100

const readable = (sql: string): string =>
  sql.length <= LONG || sql.includes('\n')
    ? sql
    : sql
        .replace(/^(create table [^(]*\()/, '$1\n  ')
        .replace(/, (?="\w+" |`\w+` |constraint )/g, sql.startsWith('create table') ? ',\n  ' : ', ')
        .replace(/ (?=(?:from|inner join|left join|cross join|where|group by|order by|values|set) )/g, '\n')

const valuesOf = (parameters: readonly unknown[]): string =>
  parameters.length === 0 ? '' : `\n-- ${parameters.map(shown).join(' | ')}`

/** Bytes as hex; what a driver's own type wraps, as it is. */
const shown = (value: unknown): string =>
  value instanceof Uint8Array ? `x'${Buffer.from(value).toString('hex')}'` : JSON.stringify(value)

export const fileText = (cases: readonly { title: string; queries: readonly CompiledQuery[] }[]): string =>
  cases
    .map(({ title, queries }) => {
      const statements = queries.map(({ sql, parameters }) => `${readable(sql)};${valuesOf(parameters)}`)
      return [`-- ${title}`, ...(statements.length === 0 ? ['-- (nothing)'] : statements)].join('\n')
    })
    .join('\n\n')
    .concat('\n')
