import { z } from 'zod'
import { idSchema, isoTimeSchema, nameSchema, tagsSchema } from './fields.ts'

/** Nodes: the machines (or data folders) that run tasks. */

export const NODE_STATES = ['Active', 'Away', 'Draining', 'Retired'] as const
export type NodeState = (typeof NODE_STATES)[number]

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
  lastHeartbeat: isoTimeSchema.nullable(),
  maxConcurrentTasks: z.number().int(),
  supportedTaskTypes: z.array(z.string()),
  version: z.string().nullable(),
  platform: z.string().nullable(),
  running: z.number().int(),
  isThisNode: z.boolean(),
  registeredAt: isoTimeSchema,
  registeredBy: z.string().nullable(),
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
