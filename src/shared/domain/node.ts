import { z } from 'zod'
import { REFUSAL_CODES } from './assignment.ts'
import { idSchema, isoTimeSchema, nameSchema, tagsSchema } from './fields.ts'

/** Nodes: the machines (or data folders) that run tasks. */

export const NODE_STATES = ['Active', 'Away', 'Draining', 'Retired'] as const
export type NodeState = (typeof NODE_STATES)[number]

/** A script of a task this node may run that is not there, or is not the one that was pinned. */
export const missingScriptSchema = z.object({
  taskId: idSchema,
  taskName: z.string(),
  scriptPath: z.string(),
  reason: z.string(),
})
export type MissingScript = z.infer<typeof missingScriptSchema>

/** What keeps scripts of a node apart from the rest of its machine; `reason`: why it is not to be had there. */
export const ISOLATIONS = ['user', 'bubblewrap', 'cgroup'] as const
export const isolationSchema = z.object({
  feature: z.enum(ISOLATIONS),
  available: z.boolean(),
  reason: z.string().nullable(),
})
export type Isolation = z.infer<typeof isolationSchema>

export const nodeSchema = z.object({
  nodeId: idSchema,
  nodeName: z.string(),
  hostname: z.string(),
  ipAddress: z.string().nullable(),
  port: z.number().int().nullable(),
  nodeGroup: z.string().nullable(),
  nodeRole: z.string().nullable(),
  tags: z.array(z.string()),
  isActive: z.boolean(),
  isDraining: z.boolean(),
  state: z.enum(NODE_STATES),
  /** In words; null for a node that is simply there. */
  stateReason: z.string().nullable(),
  /** When it came into this state; null when nobody wrote that down. */
  stateSince: isoTimeSchema.nullable(),
  lastHeartbeat: isoTimeSchema.nullable(),
  maxConcurrentTasks: z.number().int(),
  supportedTaskTypes: z.array(z.string()),
  version: z.string().nullable(),
  platform: z.string().nullable(),
  running: z.number().int(),
  isThisNode: z.boolean(),
  registeredAt: isoTimeSchema,
  registeredBy: z.string().nullable(),
  startedAt: isoTimeSchema.nullable(),
  addresses: z.array(z.string()),
  /** Milliseconds its clock is ahead of the database's; null: not measured. */
  clockOffset: z.number().int().nullable(),
  missingScripts: z.array(missingScriptSchema),
  /** Whether it can open the cluster's secrets; null: unknown. */
  holdsKey: z.boolean().nullable(),
  isolation: z.array(isolationSchema),
})
export type ClusterNode = z.infer<typeof nodeSchema>

/** PUT /nodes/{nodeId} */
export const nodePatchSchema = z
  .strictObject({
    nodeName: nameSchema(100),
    nodeGroup: nameSchema(100).nullable(),
    nodeRole: nameSchema(100).nullable(),
    tags: tagsSchema,
    maxConcurrentTasks: z.number().int().min(0).max(1000),
  })
  .partial()
export type NodePatch = z.infer<typeof nodePatchSchema>

/** An offset of more than this is worth a warning, milliseconds. */
export const CLOCK_WARNING_MS = 1000

/** `4000 ms behind`, of a clock that is so many milliseconds ahead of another one. */
export const offsetWords = (aheadMs: number): string =>
  `${Math.round(Math.abs(aheadMs))} ms ${aheadMs < 0 ? 'behind' : 'ahead of'}`

/** Whether a node runs a task, and every reason why not. */
const judgement = {
  runs: z.boolean(),
  /** In words. */
  reasons: z.array(z.string()),
  /** What each of `reasons` is, in the same order, for programs. */
  reasonCodes: z.array(z.enum(REFUSAL_CODES)),
  /** What does not keep it from running there but will make it fail: a script that is missing. */
  warnings: z.array(z.string()),
}

/** One node, of all that may run one task. */
export const placementSchema = z.object({
  nodeId: idSchema,
  nodeName: z.string(),
  state: z.enum(NODE_STATES),
  ...judgement,
})
export type Placement = z.infer<typeof placementSchema>

/** GET /tasks/{taskId}/nodes */
export const placementsSchema = z.object({
  runOn: z.enum(['One', 'All']),
  items: z.array(placementSchema),
})
export type Placements = z.infer<typeof placementsSchema>

/** GET /nodes/{nodeId}/tasks: every task, from the node's point of view. */
export const nodeTaskSchema = z.object({
  taskId: idSchema,
  taskName: z.string(),
  appName: z.string(),
  enabled: z.boolean(),
  nextRun: isoTimeSchema.nullable(),
  ...judgement,
})
export type NodeTask = z.infer<typeof nodeTaskSchema>

/** GET /nodes/{nodeId}/upcoming: so many tasks at most. */
export const nodeUpcomingLimit = z.coerce.number().int().min(1).max(100).default(10)

/** Its tasks that fall due first, soonest first; those too that only its state, or the cluster's, keeps away. */
export const nodeUpcomingSchema = z.object({ items: z.array(nodeTaskSchema) })

/** POST /nodes/register: what a node says of itself; what it leaves out keeps its value. */
export const registrationSchema = z.strictObject({
  nodeId: idSchema,
  nodeName: nameSchema(100),
  incarnation: idSchema.nullable().optional(),
  /** X25519, base64url: the cluster key is wrapped for it. */
  publicKey: z.string().max(64).nullable().optional(),
  hostname: nameSchema(255).optional(),
  addresses: z.array(nameSchema(64)).max(50).optional(),
  port: z.number().int().min(1).max(65_535).nullable().optional(),
  nodeGroup: nameSchema(100).nullable().optional(),
  nodeRole: nameSchema(100).nullable().optional(),
  tags: tagsSchema.optional(),
  maxConcurrentTasks: z.number().int().min(0).max(1000).optional(),
  supportedTaskTypes: z.array(nameSchema(20)).max(50).optional(),
  version: nameSchema(50).nullable().optional(),
  platform: nameSchema(50).nullable().optional(),
})
export type RegistrationInput = z.infer<typeof registrationSchema>

export const registeredSchema = z.object({
  node: nodeSchema,
  clusterId: z.string(),
  /** This node's own credential from now on, shown once; null: it has one. */
  nodeToken: z.string().nullable(),
  /** Cluster keys, wrapped for `publicKey`. */
  keys: z.array(
    z.object({
      keyId: idSchema,
      wrapped: z.string(),
      createdAt: isoTimeSchema,
      retiredAt: isoTimeSchema.nullable(),
    }),
  ),
})
export type Registered = z.infer<typeof registeredSchema>

/** PUT /nodes/{nodeId}/heartbeat */
export const heartbeatSchema = z.strictObject({
  incarnation: idSchema,
  /** How many runs go on there, or which. */
  running: z.union([z.number().int().min(0), z.array(idSchema).max(10_000)]).optional(),
  version: nameSchema(50).nullable().optional(),
})
export type Heartbeat = z.infer<typeof heartbeatSchema>
