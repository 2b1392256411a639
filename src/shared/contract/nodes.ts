import { z } from 'zod'
import {
  heartbeatSchema,
  nodePatchSchema,
  nodeSchema,
  nodeTaskSchema,
  nodeUpcomingLimit,
  nodeUpcomingSchema,
  registeredSchema,
  registrationSchema,
} from '../domain/node.ts'
import { pageInput, pageSchema } from '../domain/fields.ts'
import { byNode, procedure } from './base.ts'

const tags = ['nodes']

export const nodes = {
  list: procedure
    .route({ method: 'GET', path: '/nodes', tags, summary: 'The nodes of the cluster' })
    .input(z.strictObject(pageInput))
    .output(pageSchema(nodeSchema)),
  get: procedure
    .route({ method: 'GET', path: '/nodes/{nodeId}', tags, summary: 'One node' })
    .input(byNode)
    .output(nodeSchema),
  update: procedure
    .route({
      method: 'PUT',
      path: '/nodes/{nodeId}',
      tags,
      summary: 'Classify a node or change its capacity',
    })
    .input(nodePatchSchema.extend(byNode.shape))
    .output(nodeSchema),
  drain: procedure
    .route({
      method: 'POST',
      path: '/nodes/{nodeId}/drain',
      tags,
      summary: 'Finish what runs, claim nothing',
    })
    .input(byNode.extend({ drain: z.boolean() }))
    .output(nodeSchema),
  retire: procedure
    .route({
      method: 'DELETE',
      path: '/nodes/{nodeId}',
      tags,
      successStatus: 204,
      summary: 'Take a node out for good; what runs there may end, the cluster key is renewed',
    })
    .input(byNode)
    .output(z.void()),
  tasks: procedure
    .route({
      method: 'GET',
      path: '/nodes/{nodeId}/tasks',
      tags,
      summary: 'Which tasks run there, and why not',
    })
    .input(byNode.extend(pageInput))
    .output(pageSchema(nodeTaskSchema)),
  upcoming: procedure
    .route({
      method: 'GET',
      path: '/nodes/{nodeId}/upcoming',
      tags,
      summary: 'Which tasks fall due there next',
    })
    .input(byNode.extend({ limit: nodeUpcomingLimit }))
    .output(nodeUpcomingSchema),
  register: procedure
    .route({
      method: 'POST',
      path: '/nodes/register',
      tags,
      summary: 'A node joins, or starts anew (join token, then node token)',
    })
    .input(registrationSchema)
    .output(registeredSchema),
  heartbeat: procedure
    .route({
      method: 'PUT',
      path: '/nodes/{nodeId}/heartbeat',
      tags,
      summary: 'A node is alive (node token)',
    })
    .input(heartbeatSchema.extend(byNode.shape))
    .output(nodeSchema),
}
