import { z } from 'zod'
import { DATABASE_TYPES } from './database.ts'
import { isoTimeSchema } from './fields.ts'

/** What a node says of itself: GET /system, doctor, backup and restore. */

/** Since when, and why, the cluster database does not answer. */
export const databaseAwaySchema = z.object({ since: isoTimeSchema, reason: z.string() })
export type DatabaseAway = z.infer<typeof databaseAwaySchema>

/** `own`: from a file of the administrator's; else the node made it. `fingerprint`: SHA-256, as browsers show it. */
export const tlsInfoSchema = z.object({
  fingerprint: z.string(),
  own: z.boolean(),
  validUntil: isoTimeSchema,
})
export type TlsInfo = z.infer<typeof tlsInfoSchema>

export const systemInfoSchema = z.object({
  version: z.string(),
  nodeId: z.string(),
  nodeName: z.string(),
  startedAt: isoTimeSchema,
  dataDir: z.string(),
  platform: z.string(),
  runtime: z.string(),
  databaseType: z.enum(DATABASE_TYPES),
  clusterId: z.string(),
  databaseId: z.string(),
  schemaVersion: z.number().int(),
  changeTracking: z.boolean(),
  /** `away` is null while the database answers. */
  database: z.object({ away: databaseAwaySchema.nullable() }),
  timeZone: z.string(),
  scriptRoots: z.array(z.string()),
  interpreters: z.array(
    z.object({
      type: z.string(),
      path: z.string().nullable(),
      version: z.string().nullable(),
      available: z.boolean(),
      reason: z.string().optional(),
    }),
  ),
  scheduler: z.object({
    lastTick: isoTimeSchema.nullable(),
    lastError: z.string().nullable(),
    running: z.number().int(),
    queued: z.number().int(),
    capacity: z.number().int(),
    draining: z.boolean(),
  }),
  /** The certificate of the API; null: it answers in clear. */
  tls: tlsInfoSchema.nullable(),
  role: z.string(),
  actor: z.string(),
})
export type SystemInfo = z.infer<typeof systemInfoSchema>

/** One thing the doctor looked at. `fix` says what to do; `fixable`: `--fix` does it. */
export const findingSchema = z.object({
  id: z.string(),
  ok: z.boolean(),
  severity: z.enum(['info', 'warning', 'error']),
  what: z.string(),
  detail: z.string(),
  fix: z.string().optional(),
  fixable: z.boolean().optional(),
  fixed: z.boolean().optional(),
})
export type Finding = z.infer<typeof findingSchema>

export const doctorReportSchema = z.object({ ok: z.boolean(), findings: z.array(findingSchema) })
export type DoctorReport = z.infer<typeof doctorReportSchema>

export const backupInputSchema = z.strictObject({
  file: z.string().min(1),
  /** Carries the cluster key, wrapped under this passphrase. */
  passphrase: z.string().min(8, 'must be at least 8 characters').optional(),
})
export const restoreInputSchema = z.strictObject({
  file: z.string().min(1),
  passphrase: z.string().optional(),
})
