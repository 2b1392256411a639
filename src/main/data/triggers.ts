import { CompiledQuery } from 'kysely'
import { capturedTables } from './capture.ts'
import type { Query } from './db.ts'
import type { CaptureObject, Dialect } from './dialects/dialect.ts'

/**
 * How the capture triggers of a database, and the functions they call, differ from what they should be; names, all
 * empty when sound. `unseen`: this account may not look at them.
 */
export interface TriggerState {
  ok: boolean
  unseen: boolean
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

const expected = ({ dialect, schemaVersion, trackChanges }: Wanted): CaptureObject[] =>
  trackChanges ? dialect.captureObjects(capturedTables(), schemaVersion) : []

/** Compares text with text: whoever changed a trigger, or dropped one, is seen at the next start. */
export const verifyTriggers = async (db: Query, wanted: Wanted): Promise<TriggerState> => {
  const found = await wanted.dialect.installedObjects(db)
  if (!found) return { ok: true, unseen: true, missing: [], changed: [], extra: [] }
  const installed = new Map(found.map((one) => [one.name, one.text]))
  const should = new Map(expected(wanted).map((one) => [one.name, one.text]))
  const missing = [...should.keys()].filter((name) => !installed.has(name))
  const extra = [...installed.keys()].filter((name) => !should.has(name))
  const changed = [...should].flatMap(([name, text]) => {
    const there = installed.get(name)
    return there !== undefined && there !== text ? [name] : []
  })
  const ok = missing.length + extra.length + changed.length === 0
  return { ok, unseen: false, missing, changed, extra }
}

/** Makes the triggers what they should be; leaves right ones alone. Run it in a transaction. */
export const installTriggers = async (db: Query, wanted: Wanted): Promise<TriggerState> => {
  const state = await verifyTriggers(db, wanted)
  if (state.ok) return state
  const should = expected(wanted)
  const inPlace = new Set(should.filter((one) => one.replaces).map((one) => one.name))
  const wrong = new Set([...state.changed.filter((name) => !inPlace.has(name)), ...state.extra])
  const absent = new Set([...state.changed, ...state.missing])
  const installed = (await wanted.dialect.installedObjects(db)) ?? []
  const statements = [
    // What calls goes before what is called.
    ...installed.reverse().flatMap(({ name, drop }) => (wrong.has(name) ? [drop] : [])),
    ...should.flatMap(({ name, create }) => (absent.has(name) ? create : [])),
  ]
  for (const statement of statements) await db.executeQuery(CompiledQuery.raw(statement))
  return state
}
