import type Sqlite from 'better-sqlite3'

/** Texts whose compiled form is kept; the one compiled longest ago goes first. */
const STATEMENTS_KEPT = 200

export type Prepare = (sql: string) => Sqlite.Statement<unknown[]>

/**
 * `prepare` that compiles a text once: the program asks the same few hundred statements again and again, and
 * compiling one costs more than running it. A change of the schema forgets them all: what a statement answers
 * (`select *`) is settled when it is compiled.
 */
export const keepStatements = (db: Sqlite.Database): Prepare => {
  const kept = new Map<string, Sqlite.Statement<unknown[]>>()
  return (sql) => {
    const known = kept.get(sql)
    if (known) return known
    const statement = db.prepare<unknown[]>(sql)
    if (changesSchema(sql)) {
      kept.clear()
      return statement
    }
    const oldest = kept.size >= STATEMENTS_KEPT ? kept.keys().next().value : undefined
    if (oldest !== undefined) kept.delete(oldest)
    kept.set(sql, statement)
    return statement
  }
}

const changesSchema = (sql: string): boolean => /^\s*(create|alter|drop)\b/i.test(sql)
