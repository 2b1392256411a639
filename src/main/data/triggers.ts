import { CompiledQuery } from 'kysely'
import { capturedTables } from './capture.ts'
import type { Query } from './db.ts'
import type { Dialect, Trigger } from './dialects/dialect.ts'

/** How the capture triggers of a database differ from what they should be; names, all empty when sound. */
export interface TriggerState {
  ok: boolean
  missing: string[]
  changed: string[]
  extra: string[]
}

interface Wanted {
  dialect: Dialect
  schemaVersion: number
  /** Without change tracking there are to be no triggers. */
  trackChanges: boolean
}

const expected = ({ dialect, schemaVersion, trackChanges }: Wanted): Trigger[] =>
  trackChanges ? capturedTables().flatMap((table) => dialect.captureTriggers(table, schemaVersion)) : []

/** Compares text with text: whoever changed a trigger, or dropped one, is seen at the next start. */
export const verifyTriggers = async (db: Query, wanted: Wanted): Promise<TriggerState> => {
  const installed = new Map((await wanted.dialect.installedTriggers(db)).map((one) => [one.name, one]))
  const should = new Map(expected(wanted).map((one) => [one.name, one]))
  const missing = [...should.keys()].filter((name) => !installed.has(name))
  const extra = [...installed.keys()].filter((name) => !should.has(name))
  const changed = [...should.values()].filter(({ name, sql }) => isOther(installed.get(name), sql))
  return {
    ok: missing.length + extra.length + changed.length === 0,
    missing,
    extra,
    changed: changed.map(({ name }) => name),
  }
}

const isOther = (installed: Trigger | undefined, sql: string): boolean =>
  installed !== undefined && installed.sql !== sql

/** Makes the triggers what they should be; leaves right ones alone. Run it in a transaction. */
export const installTriggers = async (db: Query, wanted: Wanted): Promise<TriggerState> => {
  const state = await verifyTriggers(db, wanted)
  const installed = await wanted.dialect.installedTriggers(db)
  const wrong = new Set([...state.changed, ...state.extra])
  const absent = new Set([...state.changed, ...state.missing])
  const statements = [
    ...installed.filter(({ name }) => wrong.has(name)).map((trigger) => wanted.dialect.dropTrigger(trigger)),
    ...expected(wanted)
      .filter(({ name }) => absent.has(name))
      .map(({ sql }) => sql),
  ]
  for (const statement of statements) await db.executeQuery(CompiledQuery.raw(statement))
  return state
}
