import { AppError } from '../../../shared/domain/errors.ts'
import type { DatabaseConfig, Dialect } from './dialect.ts'
import { mssql } from './mssql.ts'
import { mysql } from './mysql.ts'
import { postgres } from './postgres.ts'
import { sqlite } from './sqlite.ts'
import { replica } from './sqlite-replica.ts'

/** The only place that tells databases apart. A further type of configuration is an error here until it has one. */
export const dialects = {
  SQLite: sqlite,
  PostgreSQL: postgres,
  MySQL: mysql,
  SqlServer: mssql,
} satisfies Record<DatabaseConfig['type'], unknown>

/** @throws AppError BAD_REQUEST for a type this program cannot use. */
export const dialectOf = (config: Pick<DatabaseConfig, 'type'> & { stamp?: unknown }): Dialect => {
  if (config.stamp) return replica
  // Each dialect takes its own member of the union, which `config.type` names.
  if (Object.hasOwn(dialects, config.type)) return dialects[config.type]
  const message = `this version works with ${Object.keys(dialects).join(', ')} only, not with ${config.type}`
  const path = ['database', 'type']
  throw new AppError('BAD_REQUEST', `${path.join('.')}: ${message}`, { issues: [{ path, message }] })
}
