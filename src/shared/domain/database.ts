import { z } from 'zod'

/** The cluster database from outside: where it is, whether it can be used, and how far a copy of it is. */

export const DATABASE_TYPES = ['SQLite', 'PostgreSQL', 'MySQL', 'SqlServer'] as const
export type DatabaseType = (typeof DATABASE_TYPES)[number]

/** A file of one node; every other is a server. */
export const isFile = (type: DatabaseType): type is 'SQLite' => type === 'SQLite'

/** Where a server listens when nobody says so. */
export const USUAL_PORTS: Readonly<Record<Exclude<DatabaseType, 'SQLite'>, number>> = {
  PostgreSQL: 5432,
  MySQL: 3306,
  SqlServer: 1433,
}

/** A database of a server, for people: `cluster on db.example:5432`. */
export const serverText = (place: {
  type: Exclude<DatabaseType, 'SQLite'>
  server: string
  port: number | null
  database: string
}): string => {
  const { type, server, port, database } = place
  // The folder of a socket, or the name of an instance, tells as much.
  const tells = port === null && (server.startsWith('/') || server.includes('\\'))
  return `${database} on ${server}${tells ? '' : `:${port ?? USUAL_PORTS[type]}`}`
}

/** Whether one may sign in with an account of Windows. */
export const hasIntegratedSecurity = (type: DatabaseType): type is 'SqlServer' => type === 'SqlServer'

/** One thing the database was asked for before it is used. */
export const databaseCheckSchema = z.object({
  id: z.string(),
  /** false with severity `error`: a node cannot work on it. */
  ok: z.boolean(),
  severity: z.enum(['error', 'warning', 'info']),
  what: z.string(),
  detail: z.string(),
  /** The statement, or the setting, that mends it; to be run by whoever administers the server. */
  fix: z.string().optional(),
})
export type DatabaseCheck = z.infer<typeof databaseCheckSchema>

/** What the schema found there means for this program; `copy`: a copy into it stopped half way and can go on. */
export const SCHEMA_NEEDS = ['nothing', 'create', 'migrate', 'newerProgram', 'copy'] as const

export const databaseProbeSchema = z.object({
  /** A node can work on it now, or once the schema is created. */
  ok: z.boolean(),
  /** Names the database for people: `cluster on db.example:5432`, a path. */
  where: z.string(),
  /** `PostgreSQL 18.4`; null when it did not answer. */
  server: z.string().nullable(),
  /** Milliseconds of one small question, the best of several. */
  latencyMs: z.number().nullable(),
  /** Milliseconds the server's clock is ahead of this machine's. */
  clockOffsetMs: z.number().nullable(),
  schemaVersion: z.number().int().nullable(),
  schemaNeeds: z.enum(SCHEMA_NEEDS).nullable(),
  checks: z.array(databaseCheckSchema),
})
export type DatabaseProbe = z.infer<typeof databaseProbeSchema>

/** How far a copy is: rows of one table copied, or compared, of all it has. */
export const copyProgressSchema = z.object({
  phase: z.enum(['copy', 'verify']),
  table: z.string(),
  done: z.number().int(),
  total: z.number().int(),
})
export type CopyProgress = z.infer<typeof copyProgressSchema>

/** Rows and checksum of one table, equal in source and target. */
export const copiedTableSchema = z.object({
  table: z.string(),
  rows: z.number().int(),
  /** SHA-256, hex, over the canonical rows in key order. */
  checksum: z.string(),
})

export const copyResultSchema = z.object({
  from: z.string(),
  to: z.string(),
  tables: z.array(copiedTableSchema),
  /** The copy is another database of the same cluster. */
  databaseId: z.string(),
})
export type CopyResult = z.infer<typeof copyResultSchema>
