import { hostname } from 'node:os'
import { z } from 'zod'
import { DATABASE_TYPES } from '../../shared/domain/database.ts'
import { MAX_OUTPUT_BYTES, type ScriptType } from '../../shared/domain/task.ts'
import { oneOf, onOff, orNull, section, text, whole } from './fields.ts'

/*
 * app.yaml, every key once, with its default. The keys of the specification keep their names; the reason for
 * a default that differs from the specification's sample stands beside it.
 */

/** Tables whose records a replica can hold. */
export const REPLICA_TABLES = ['Tasks', 'Task_Schedule', 'Nodes', 'Task_Lock'] as const
const SYNCED = ['Tasks', 'Task_Schedule', 'Nodes'] as const
export const SANDBOXES = ['none', 'user', 'bubblewrap'] as const

const DAYS = 36_500
const MEBIBYTE = 1024 * 1024
/** Says why there is a bound at all. */
const OUTPUT_UNIT = '(bytes; 64 MB, since an output is stored as one value)'

const pemFile = () => orNull(text(4000, 'the path of a PEM file, relative to the data folder or absolute'))

const database = section({
  type: oneOf(DATABASE_TYPES).default('SQLite'),
  connection: section({
    path: text(4000, 'the path of a file, relative to the data folder or absolute').default('pswebhost.db'),
    server: orNull(text(255)),
    port: orNull(whole(1, 65_535)),
    database: orNull(text(128)),
    username: orNull(text(128)),
    // Not trimmed: a password may begin or end with a space.
    password: orNull(z.string('text, ${NAME} of an environment variable, or encrypted:…').max(4000)),
    // Empty: on, unless the server is on this machine.
    ssl: orNull(z.union([onOff(), z.literal('no-verify')], 'true, false or no-verify')),
    tls: section({ ca: pemFile(), cert: pemFile(), key: pemFile() }).prefault({}),
    integratedSecurity: onOff().default(false),
  }).prefault({}),
  options: section({
    timeout: whole(1, 600, '(seconds)').default(30),
    // The specification's sample says 10; ten nodes would exhaust a default PostgreSQL.
    poolSize: whole(1, 100).default(3),
    enableChangeTracking: onOff().default(true),
    compressionLevel: whole(1, 9).default(6),
  }).prefault({}),
})

const isUuid = (id: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id)

const node = section({
  nodeId: z
    .string('auto or a UUID')
    .refine((id) => id === 'auto' || isUuid(id), 'auto or a UUID')
    .transform((id) => id.toLowerCase())
    .default('auto'),
  nodeName: text(100).default(() => hostname().slice(0, 100) || 'node'),
  nodeGroup: orNull(text(100)),
  nodeRole: orNull(text(100)),
  tags: z.array(text(50), 'a list of words').max(50, 'a list of at most 50 words').default([]),
  maxConcurrentTasks: whole(0, 1000, '(0: an admin desk, runs nothing)').default(10),
})

const api = section({
  host: text(255, 'an address or name of this machine').default('127.0.0.1'),
  port: whole(0, 65_535, '(0: any free port)').default(7780),
  // Empty: on where a certificate is named, and beyond this machine.
  tls: section({ enabled: orNull(onOff()), cert: pemFile(), key: pemFile() }).prefault({}),
})

const interpreter = () => text(4000, 'the path or the name of a program').nullable().optional()
type Interpreted = Exclude<ScriptType, 'executable'>
const interpreters = {
  powershell: interpreter(),
  bash: interpreter(),
  node: interpreter(),
  python: interpreter(),
}

/** The same names and bounds as a task's own limits, which win over these. */
const limits = section({
  maxConcurrent: orNull(whole(1, 1000)),
  memoryMb: orNull(whole(16, 1_048_576, '(MB)')),
  cpuSeconds: orNull(whole(1, 366 * 86_400, '(seconds)')),
  processes: orNull(whole(1, 100_000)),
  outputBytes: orNull(whole(1024, MAX_OUTPUT_BYTES, OUTPUT_UNIT)),
})

const execution = section({
  scriptRoots: z
    .array(text(4000, 'the path of a folder'), 'a list of folders')
    .min(1, 'a list of at least one folder')
    .default(['scripts']),
  interpreters: section({ ...interpreters, cmd: interpreter() } satisfies Record<Interpreted, z.ZodType>)
    .prefault({})
    .transform((given) => withoutEmpty(given)),
  shutdownGraceSeconds: whole(0, 3600, '(seconds)').default(20),
  maxOutputBytes: whole(1024, MAX_OUTPUT_BYTES, OUTPUT_UNIT).default(10 * MEBIBYTE),
  sandbox: oneOf(SANDBOXES).default('none'),
  sandboxUser: orNull(text(100, 'the name of an account of this machine')),
  limits: limits.prefault({}),
})

const withoutEmpty = (
  given: Record<string, string | null | undefined>,
): Partial<Record<Interpreted, string>> =>
  Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null && value !== undefined))

const systemZone = (): string => new Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC'

const isZone = (zone: string): boolean => {
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: zone }))
  } catch {
    return false
  }
}

const ZONE = 'the name of an IANA time zone, like Europe/Berlin or UTC'

const cluster = section({
  heartbeatSeconds: whole(1, 300, '(seconds)').default(10),
  leaseSeconds: whole(2, 3600, '(seconds)').default(30),
  pollSeconds: whole(1, 5, '(seconds)').default(2),
  timeZone: z.string(ZONE).refine(isZone, ZONE).default(systemZone),
})

const conflictPolicy = () => oneOf(['newer', 'manual']).default('newer')

export const configSchema = section({
  database: database.prefault({}),
  node: node.prefault({}),
  api: api.prefault({}),
  execution: execution.prefault({}),
  cluster: cluster.prefault({}),
  tableSync: section({
    enabled: onOff().default(true),
    interval: whole(1, 86_400, '(seconds)').default(60),
    tables: z.array(oneOf(REPLICA_TABLES), `a list of ${REPLICA_TABLES.join(', ')}`).default([...SYNCED]),
  }).prefault({}),
  sync: section({
    conflicts: section({
      Tasks: conflictPolicy(),
      Task_Schedule: conflictPolicy(),
      Nodes: conflictPolicy(),
      Task_Lock: conflictPolicy(),
    } satisfies Record<(typeof REPLICA_TABLES)[number], z.ZodType>).prefault({}),
  }).prefault({}),
  retention: section({
    historyDays: whole(1, DAYS, '(days)').default(90),
    changeDays: whole(1, DAYS, '(days)').default(365),
    replicaChangeDays: whole(1, DAYS, '(days)').default(30),
  }).prefault({}),
})

export type ConfigValues = z.infer<typeof configSchema>
