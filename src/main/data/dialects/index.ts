import { AppError } from '../../../shared/domain/errors.ts'
import type { DatabaseConfig, Dialect } from './dialect.ts'
import { sqlite } from './sqlite.ts'

/** The only place that tells databases apart. A further type of configuration is an error here until it has one. */
const dialects = { SQLite: sqlite } satisfies Record<DatabaseConfig['type'], Dialect>

/** @throws AppError BAD_REQUEST for a type this program cannot use. */
export const dialectOf = (config: { type: string }): Dialect => {
  if (Object.hasOwn(dialects, config.type)) return dialects[config.type as DatabaseConfig['type']]
  const message = `this version works with ${Object.keys(dialects).join(', ')} only, not with ${config.type}`
  const path = ['database', 'type']
  throw new AppError('BAD_REQUEST', `${path.join('.')}: ${message}`, { issues: [{ path, message }] })
}
