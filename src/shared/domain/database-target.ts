import { z } from 'zod'
import {
  DATABASE_TYPES,
  databaseProbeSchema,
  isFile,
  serverText,
  USUAL_PORTS,
  type DatabaseType,
} from './database.ts'
import { nameSchema } from './fields.ts'

/** A database as app.yaml names one: to be looked at, copied to, moved to. */

const whole = (min: number, max: number, unit = '') => {
  const message = `must be a whole number from ${min} to ${max}${unit}`
  return z.number(message).int(message).min(min, message).max(max, message)
}

const orNull = <T extends z.ZodType>(field: T) => field.nullable().default(null)

const passwordSchema = z.union([
  // Not trimmed: a password may begin or end with a space.
  z.string().min(1, 'must not be empty; null means none').max(4000, 'must be at most 4000 characters'),
  z.strictObject({ secret: z.literal(true) }),
])

const connectionSchema = z.strictObject({
  path: orNull(nameSchema(4000)),
  server: orNull(nameSchema(255)),
  port: orNull(whole(1, 65_535)),
  database: orNull(nameSchema(128)),
  username: orNull(nameSchema(128)),
  /** `{ "secret": true }`: the one of the file, for the same type, server, port and account. */
  password: orNull(passwordSchema),
  /** Null: on, unless the server is on this machine. */
  ssl: orNull(z.union([z.boolean(), z.literal('no-verify')], 'must be true, false or no-verify')),
  tls: z
    .strictObject({
      ca: orNull(nameSchema(4000)),
      cert: orNull(nameSchema(4000)),
      key: orNull(nameSchema(4000)),
    })
    .prefault({}),
  integratedSecurity: z.boolean().default(false),
})

export const databaseTargetSchema = z.strictObject({
  type: z.enum(DATABASE_TYPES, `must be one of ${DATABASE_TYPES.join(', ')}`),
  connection: connectionSchema.prefault({}),
  /** What is left out stays as the file has it. */
  options: z
    .strictObject({
      timeout: whole(1, 600, ' (seconds)').optional(),
      poolSize: whole(1, 100).optional(),
    })
    .prefault({}),
})
export type DatabaseTarget = z.infer<typeof databaseTargetSchema>
/** As a caller may write it: what is left out is null. */
export type DatabaseTargetInput = z.input<typeof databaseTargetSchema>

/** The database that app.yaml names. */
export const currentDatabaseSchema = z.object({
  /** The app.yaml. */
  file: z.string(),
  /** Names the database for people. */
  where: z.string(),
  target: databaseTargetSchema,
  /** The running node uses it, as the file says; false: it will, after a restart. */
  inUse: z.boolean(),
  /** Names what the running node uses. */
  running: z.string(),
  /** A copy of app.yaml as it was before the last switch, where there is one. */
  before: z.string().nullable(),
})
export type CurrentDatabase = z.infer<typeof currentDatabaseSchema>

export const databaseSwitchedSchema = z.object({
  file: z.string(),
  where: z.string(),
  /** The copy of app.yaml with the settings before: put back, the node is where it was. */
  before: z.string(),
  /** The running node goes on with the database it has. False only where it was switched back before a restart. */
  needsRestart: z.boolean(),
  probe: databaseProbeSchema,
})
export type DatabaseSwitched = z.infer<typeof databaseSwitchedSchema>

/** What an explicit migration did. */
export const schemaMigrationSchema = z.object({
  /** Steps run just now. */
  applied: z.array(z.string()),
  schemaVersion: z.number().int(),
})
export type SchemaMigration = z.infer<typeof schemaMigrationSchema>

/** `PSWebHost on db.example:5432`, or the path of a file. */
export const whereText = ({ type, connection }: Pick<DatabaseTarget, 'type' | 'connection'>): string => {
  const { path, server, port, database } = connection
  if (isFile(type)) return path ?? 'a file'
  return serverText({ type, port, server: server ?? 'a server', database: database ?? 'a database' })
}

interface ServerPlace {
  type: DatabaseType
  server: string | null
  port: number | null
}

/** Whether a password for the one was meant for the other: a server is a host and where it listens there. */
export const isSameServer = (a: ServerPlace, b: ServerPlace): boolean =>
  a.type === b.type && a.server === b.server && portOf(a) === portOf(b)

const portOf = ({ type, port }: ServerPlace): number | null =>
  port ?? (isFile(type) ? null : USUAL_PORTS[type])
