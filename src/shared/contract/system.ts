import { eventIterator } from '@orpc/contract'
import { z } from 'zod'
import { joinedSchema } from '../domain/cluster.ts'
import { desktopSwitchSchema } from '../domain/desktop.ts'
import { eventSchema } from '../domain/events.ts'
import { copyProgressSchema, copyResultSchema, databaseProbeSchema } from '../domain/database.ts'
import {
  currentDatabaseSchema,
  databaseSwitchedSchema,
  databaseTargetSchema,
  schemaMigrationSchema,
} from '../domain/database-target.ts'
import { importItemSchema, importResultSchema, sampleSchema } from '../domain/import-result.ts'
import { createdTokenSchema, tokenInputSchema, tokenSchema } from '../domain/role.ts'
import {
  backupInputSchema,
  doctorReportSchema,
  restoreInputSchema,
  systemInfoSchema,
} from '../domain/system.ts'
import { settingsInputSchema, settingsSchema } from '../domain/settings.ts'
import { nothing, procedure } from './base.ts'

export const events = procedure
  .route({ method: 'GET', path: '/events', tags: ['events'], summary: 'What changed, as it happens' })
  .input(nothing)
  .output(eventIterator(eventSchema))

export const tokens = {
  list: procedure
    .route({ method: 'GET', path: '/tokens', tags: ['tokens'], summary: 'API tokens, without their text' })
    .input(nothing)
    .output(z.object({ items: z.array(tokenSchema) })),
  create: procedure
    .route({
      method: 'POST',
      path: '/tokens',
      tags: ['tokens'],
      successStatus: 201,
      summary: 'Create a token; its text is shown once',
    })
    .input(tokenInputSchema)
    .output(createdTokenSchema),
  revoke: procedure
    .route({
      method: 'DELETE',
      path: '/tokens/{tokenId}',
      tags: ['tokens'],
      successStatus: 204,
      summary: 'Revoke a token',
    })
    .input(z.strictObject({ tokenId: z.string().max(36) }))
    .output(z.void()),
}

export const samples = {
  list: procedure
    .route({ method: 'GET', path: '/samples', tags: ['samples'], summary: 'Ready-made tasks' })
    .input(nothing)
    .output(z.object({ items: z.array(sampleSchema) })),
  import: procedure
    .route({
      method: 'POST',
      path: '/samples/import',
      tags: ['samples'],
      summary: 'Create tasks from samples, by name',
    })
    .input(
      z.strictObject({
        names: z.array(z.string().max(100)).min(1).max(100),
        enabled: z.boolean().default(false),
      }),
    )
    .output(importResultSchema),
}

export const system = {
  info: procedure
    .route({
      method: 'GET',
      path: '/system',
      tags: ['system'],
      summary: 'This node, its database and its health',
    })
    .input(nothing)
    .output(systemInfoSchema),
}

const target = z.strictObject({ target: databaseTargetSchema })

/** Which database the node uses. Whoever chooses it chooses what the node runs: never over HTTP. */
const database = {
  current: procedure.input(nothing).output(currentDatabaseSchema),
  /** Looks and changes nothing. */
  test: procedure.input(target).output(databaseProbeSchema),
  /** In an empty database only; answers what is there afterwards. */
  createSchema: procedure.input(target).output(databaseProbeSchema),
  /** Yields how far it is, the result last. Whoever leaves cancels it. */
  copy: procedure
    .input(target)
    .output(eventIterator(z.union([copyProgressSchema, z.object({ done: copyResultSchema })]))),
  /** Writes app.yaml, for the next start; refuses (CONFLICT) a database that a node cannot work on. */
  switch: procedure.input(target).output(databaseSwitchedSchema),
  /** Left out: the database the node uses. */
  migrate: procedure
    .input(z.strictObject({ target: databaseTargetSchema.optional() }))
    .output(schemaMigrationSchema),
}

const desktopSwitchesSchema = z.object({ items: z.array(desktopSwitchSchema) })

/** The program around this node; none of it on a node without a desktop. */
const desktop = {
  list: procedure.input(nothing).output(desktopSwitchesSchema),
  change: procedure.input(desktopSwitchSchema).output(desktopSwitchesSchema),
}

/** Only on this machine (control socket, desktop window): they touch files of it. */
export const local = {
  database,
  desktop,
  /** This node takes the cluster key with a join token, and its own credential. */
  join: procedure.input(z.strictObject({ token: z.string().trim().min(1).max(4000) })).output(joinedSchema),
  /** As `settings`, with the keys that are for this machine only. */
  settings: procedure.input(nothing).output(settingsSchema),
  updateSettings: procedure.input(settingsInputSchema).output(settingsSchema),
  doctor: procedure.input(z.strictObject({ fix: z.boolean().default(false) })).output(doctorReportSchema),
  backup: procedure.input(backupInputSchema).output(z.object({ file: z.string(), bytes: z.number().int() })),
  restore: procedure.input(restoreInputSchema).output(z.object({ restoredFrom: z.string() })),
  /** Reads PSWebHost files of this machine; yields each item as it is planned or done, the result last. */
  importPaths: procedure
    .input(
      z.strictObject({
        paths: z.array(z.string()).min(1),
        dryRun: z.boolean().default(false),
        cron: z.enum(['standard', 'legacy']).default('standard'),
        addScriptRoot: z.boolean().default(false),
      }),
    )
    .output(
      eventIterator(
        z.union([
          z.object({ done: z.number(), total: z.number(), item: importItemSchema }),
          z.object({ result: importResultSchema }),
        ]),
      ),
    ),
}
