import { z } from 'zod'
import { environmentSchema } from './environment-schema.ts'
import {
  explained,
  idSchema,
  isoTimeSchema,
  nameSchema,
  oneOrMany,
  pageInput,
  queryBoolean,
  tagsSchema,
} from './fields.ts'
import { placementSchema } from './node.ts'
import { RUN_STATES } from './run.ts'
import { AppError, type Issue } from './errors.ts'
import { isTimeZone, parseSchedule, scheduleSpecSchema, type ScheduleSpec } from './schedule.ts'
import { parametersSchema } from './secret.ts'
import { LIMIT_HELP, TASK_HELP } from './task-help.ts'

/** Tasks: what runs, when and where. One field list for API, import, export and the window. */

export const RUN_ON = ['One', 'All'] as const
export const OVERLAP_POLICIES = ['Skip', 'Queue', 'Parallel'] as const
export const MISFIRE_POLICIES = ['Skip', 'Last', 'All'] as const
export const LEASE_LOST_POLICIES = ['Finish', 'Kill'] as const
export const SCRIPT_TYPES = ['powershell', 'bash', 'node', 'python', 'cmd', 'executable'] as const
export type ScriptType = (typeof SCRIPT_TYPES)[number]

const wholeNumber = (min: number, max: number, unit = '') => {
  const message = `must be a whole number from ${min} to ${max}${unit}`
  return z.number(message).int(message).min(min, message).max(max, message)
}

/** As a zone: each node's own; only where every node has a schedule row of its own. */
export const NODE_ZONE = 'node'

const DAY = 86_400
const YEAR = 366 * DAY

/** An output is stored as one value, which every database and every reader must hold in memory at once. */
export const MAX_OUTPUT_BYTES = 67_108_864

const limits = {
  maxConcurrent: wholeNumber(1, 1000).nullable().default(null),
  memoryMb: wholeNumber(16, 1_048_576, ' (MB)').nullable().default(null),
  cpuSeconds: wholeNumber(1, YEAR, ' (s)').nullable().default(null),
  processes: wholeNumber(1, 100_000).nullable().default(null),
  outputBytes: wholeNumber(1024, MAX_OUTPUT_BYTES, ' (bytes; 64 MB, since an output is stored as one value)')
    .nullable()
    .default(null),
  /** Lock groups whose limit counts the runs of all their tasks, on all nodes. */
  locks: z.array(nameSchema(100)).max(20, 'at most 20 lock groups').default([]),
}
export type LimitField = keyof typeof limits

/** Limits of one run; null means none. What a platform cannot enforce is said by validation. */
export const limitsSchema = z.strictObject(explained(limits, LIMIT_HELP))
export type Limits = z.infer<typeof limitsSchema>

const group = nameSchema(100).nullable()

const fields = {
  taskName: nameSchema(200),
  appName: z.string().trim().max(100),
  description: z.string().max(10_000).nullable(),
  scriptPath: z
    .string()
    .trim()
    .min(1, 'must name a script')
    .max(4000)
    .regex(/^[^\p{Cc}]*$/u, 'must not contain control characters'),
  scriptType: z.enum(SCRIPT_TYPES).nullable(),
  scriptHash: z
    .string()
    .regex(/^[0-9a-fA-F]{64}$/, 'must be the SHA-256 of the script as 64 hexadecimal digits')
    .transform((hex) => hex.toLowerCase())
    .nullable(),
  schedule: scheduleSpecSchema.nullable(),
  timeZone: z.string().min(1).max(64),
  enabled: z.boolean(),
  assignedNodeId: idSchema.nullable(),
  assignedNodeGroup: group,
  assignedNodeRole: group,
  runOn: z.enum(RUN_ON).nullable(),
  priority: wholeNumber(-1000, 1000),
  timeout: wholeNumber(1, YEAR, ' (s)').nullable(),
  maxRetries: wholeNumber(0, 100),
  retryDelay: wholeNumber(0, YEAR, ' (s)'),
  retryBackoff: z.number().min(1).max(10),
  overlapPolicy: z.enum(OVERLAP_POLICIES),
  misfirePolicy: z.enum(MISFIRE_POLICIES),
  misfireWindow: wholeNumber(1, YEAR, ' (s)'),
  onLeaseLost: z.enum(LEASE_LOST_POLICIES),
  limits: limitsSchema.nullable(),
  tags: tagsSchema,
  parameters: parametersSchema,
  environment: environmentSchema,
}

/** The fields a caller may write, without defaults: each may be left out of a PUT. */
export const taskFields = explained(fields, TASK_HELP)

/**
 * What is written is held to more than what is read back: a schedule must be one that can fire, a zone must exist.
 * Each at its own field, so that one answer names everything that is wrong.
 */
const written = {
  ...taskFields,
  schedule: taskFields.schedule.superRefine((spec, ctx) => {
    if (spec !== null) for (const issue of scheduleIssues(spec)) ctx.addIssue({ code: 'custom', ...issue })
  }),
  /** A tag given twice is one tag. */
  tags: taskFields.tags.overwrite((tags) => [...new Set(tags)]),
  timeZone: taskFields.timeZone.refine((zone) => zone === NODE_ZONE || isTimeZone(zone), {
    error: ({ input }) =>
      `"${String(input)}" is not a time zone; write an IANA name like Europe/Berlin or UTC`,
  }),
}

/** Found wrong in any zone: a cron field out of its range, an end before the start, a day that never comes. */
const scheduleIssues = (spec: ScheduleSpec): Issue[] => {
  try {
    parseSchedule(spec, 'UTC')
    return []
  } catch (error) {
    if (error instanceof AppError && error.issues) return error.issues
    throw error
  }
}

/** POST /tasks: the defaults of the interface. `timeZone` is resolved by the service when left out. */
export const taskInputSchema = z.strictObject({
  ...written,
  appName: taskFields.appName.default(''),
  description: taskFields.description.default(null),
  scriptType: taskFields.scriptType.default(null),
  scriptHash: taskFields.scriptHash.default(null),
  schedule: written.schedule.default(null),
  timeZone: written.timeZone.optional(),
  enabled: taskFields.enabled.default(true),
  assignedNodeId: taskFields.assignedNodeId.default(null),
  assignedNodeGroup: taskFields.assignedNodeGroup.default(null),
  assignedNodeRole: taskFields.assignedNodeRole.default(null),
  runOn: taskFields.runOn.default(null),
  priority: taskFields.priority.default(0),
  timeout: taskFields.timeout.default(null),
  maxRetries: taskFields.maxRetries.default(0),
  retryDelay: taskFields.retryDelay.default(60),
  retryBackoff: taskFields.retryBackoff.default(1),
  overlapPolicy: taskFields.overlapPolicy.default('Skip'),
  misfirePolicy: taskFields.misfirePolicy.default('Last'),
  misfireWindow: taskFields.misfireWindow.default(DAY),
  onLeaseLost: taskFields.onLeaseLost.default('Finish'),
  limits: taskFields.limits.default(null),
  tags: written.tags.default([]),
  parameters: taskFields.parameters.default({}),
  environment: taskFields.environment.default({}),
})
export type TaskInput = z.infer<typeof taskInputSchema>
export type TaskInputRaw = z.input<typeof taskInputSchema>

const audit = {
  createdBy: z.string().nullable(),
  createdAt: isoTimeSchema,
  modifiedBy: z.string().nullable(),
  modifiedAt: isoTimeSchema.nullable(),
}

/** What the running state adds to a task when it is read; ignored when it is written back. */
const derived = {
  nextRun: isoTimeSchema.nullable(),
  lastRun: isoTimeSchema.nullable(),
  lastState: z.enum(RUN_STATES).nullable(),
  lastHistoryId: idSchema.nullable(),
  lastError: z.string().nullable(),
  isRunning: z.boolean(),
}

/**
 * PUT /tasks/{taskId}: any subset. A record that was read may be written back whole: derived fields are
 * ignored, audit fields must be unchanged, and `version` says which edit it was based on.
 */
export const taskPatchSchema = z
  .strictObject({ ...written, taskId: idSchema, version: z.number().int(), ...audit, ...derived })
  .partial()
export type TaskPatch = z.infer<typeof taskPatchSchema>

export const taskSchema = z.object({
  taskId: idSchema,
  ...taskFields,
  scriptHash: z.string().nullable().describe(TASK_HELP.scriptHash),
  ...audit,
  version: z.number().int(),
  ...derived,
})
export type Task = z.infer<typeof taskSchema>
export type TaskField = keyof typeof fields

/** The stored part of a task: secrets sealed, nothing derived. */
export type StoredTask = Omit<Task, keyof typeof derived>

export const TASK_SORTS = ['name', 'nextRun', 'lastRun', 'state', 'priority'] as const

export const taskFilterSchema = z.strictObject({
  search: z.string().max(200).optional(),
  enabled: queryBoolean.optional(),
  app: oneOrMany(z.string().max(100)),
  tag: oneOrMany(z.string().max(50)),
  node: oneOrMany(idSchema),
  group: oneOrMany(z.string().max(100)),
  role: oneOrMany(z.string().max(100)),
  state: oneOrMany(z.enum([...RUN_STATES, 'Never'])),
  sort: z.enum(TASK_SORTS).default('name'),
  ...pageInput,
})
export type TaskFilter = z.infer<typeof taskFilterSchema>

/** One schedule row: a task on any node, or on one node of an `All` target. */
export const scheduleRowSchema = z.object({
  scheduleId: idSchema,
  taskId: idSchema,
  nodeId: z.string(),
  nextRun: isoTimeSchema.nullable(),
  lastRun: isoTimeSchema.nullable(),
  lastState: z.enum(RUN_STATES).nullable(),
  isRunning: z.boolean(),
  runningOnNode: z.string().nullable(),
  startedAt: isoTimeSchema.nullable(),
  totalRuns: z.number().int(),
  successCount: z.number().int(),
  failureCount: z.number().int(),
})
export type ScheduleRow = z.infer<typeof scheduleRowSchema>

const finding = z.object({ path: z.array(z.union([z.string(), z.number()])), message: z.string() })

/** POST /tasks/validate */
export const validationSchema = z.object({
  ok: z.boolean(),
  errors: z.array(finding),
  warnings: z.array(finding),
  matchingNodes: z.array(z.object({ nodeId: z.string(), nodeName: z.string() })),
  /** Every node, and why it would not run the task. */
  placements: z.array(placementSchema),
  nextRuns: z.array(z.object({ at: isoTimeSchema, local: z.string(), note: z.string().optional() })),
})
export type Validation = z.infer<typeof validationSchema>
