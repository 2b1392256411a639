import { z } from 'zod'
import { nodePatchSchema, nodeSchema } from '../domain/node.ts'
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
}
