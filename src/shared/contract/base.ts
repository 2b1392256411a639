import { oc } from '@orpc/contract'
import { z } from 'zod'
import { ERROR_STATUS, type ErrorCode } from '../domain/errors.ts'

/** What travels with an error besides code, status and message. */
export const errorDataSchema = z.object({
  issues: z
    .array(z.object({ path: z.array(z.union([z.string(), z.number()])), message: z.string() }))
    .optional(),
  current: z.unknown().optional(),
  data: z.unknown().optional(),
})

const errorMap = Object.fromEntries(
  Object.entries(ERROR_STATUS).map(([code, status]) => [code, { status, data: errorDataSchema }]),
) as Record<ErrorCode, { status: number; data: typeof errorDataSchema }>

/** Every procedure may fail with any code of the table: callers switch on `code`. */
export const procedure = oc.errors(errorMap)

export const byTask = z.strictObject({ taskId: z.string().min(1).max(36) })
export const byRun = z.strictObject({ historyId: z.string().min(1).max(36) })
export const byChange = z.strictObject({ changeId: z.string().min(1).max(36) })
export const byNode = z.strictObject({ nodeId: z.string().min(1).max(36) })
export const nothing = z.strictObject({})
