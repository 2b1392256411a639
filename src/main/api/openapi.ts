import { OpenAPIGenerator, type OpenAPI } from '@orpc/openapi'
import { ZodToJsonSchemaConverter } from '@orpc/zod/zod4'
import { contract } from '../../shared/contract/index.ts'
import { changeSchema } from '../../shared/domain/change.ts'
import { ERROR_STATUS } from '../../shared/domain/errors.ts'
import { eventSchema } from '../../shared/domain/events.ts'
import { nodeSchema } from '../../shared/domain/node.ts'
import { runSchema } from '../../shared/domain/run.ts'
import { taskSchema } from '../../shared/domain/task.ts'

const DESCRIPTION = `Tasks, runs, nodes and changes of a PSWebHost cluster.

Every call needs a token: \`Authorization: Bearer <token>\`. A viewer may GET; an operator may also run, stop and drain;
an admin may do everything. A node registers with a join token and renews that, and its heartbeat, with the node token
it was answered; these do nothing else. Times are ISO-8601 UTC. Lists answer \`{ items, nextCursor }\`.
\`X-Change-Reason\` (percent-encoded UTF-8) is written with every change a call makes.`

const problemSchema: OpenAPI.SchemaObject = {
  type: 'object',
  required: ['type', 'title', 'status', 'detail', 'code'],
  properties: {
    type: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string' },
    code: { type: 'string', enum: Object.keys(ERROR_STATUS) },
    errors: {
      type: 'array',
      items: {
        type: 'object',
        required: ['path', 'message'],
        properties: {
          path: { type: 'array', items: { type: ['string', 'integer'] } },
          message: { type: 'string' },
        },
      },
    },
    current: { description: 'The record as it stands now, for a stale write.' },
    data: { description: 'More, depending on the failure: a preview, the active run.' },
  },
}

const failed = { default: { $ref: '#/components/responses/Problem' } }

interface PlainSchema {
  type: 'string' | 'boolean' | 'integer'
  default?: boolean | number
  minimum?: number
}

const parameter = (
  name: string,
  where: 'path' | 'query' | 'header',
  schema: PlainSchema,
  description: string,
) => ({
  name,
  in: where,
  required: where === 'path',
  schema,
  description,
})

/** The one route that is not a procedure: bytes as they are, or an event stream (output-route.ts). */
const outputPath: OpenAPI.PathItemObject = {
  get: {
    operationId: 'history.outputText',
    tags: ['history'],
    summary: 'Output of a run, byte for byte, or followed as an event stream',
    parameters: [
      parameter('historyId', 'path', { type: 'string' }, 'The run.'),
      parameter('follow', 'query', { type: 'boolean', default: false }, 'Stream until the run ends.'),
      parameter('from', 'query', { type: 'integer', minimum: 0, default: 0 }, 'First byte wanted.'),
    ],
    responses: {
      '200': {
        description:
          'Text; or events `output` with `{ offset, text }` and at last `end` with `{ state }`. An event’s id is the offset to resume from.',
        content: {
          'text/plain': { schema: { type: 'string' } },
          'text/event-stream': { schema: { type: 'string' } },
        },
      },
      ...failed,
    },
  },
}

const METHODS = ['get', 'post', 'put', 'delete'] as const

const reasonHeader = parameter(
  'X-Change-Reason',
  'header',
  { type: 'string' },
  'Why, percent-encoded UTF-8, at most 1000 characters.',
)
const matchHeader = parameter(
  'If-Match',
  'header',
  { type: 'string' },
  'The version the edit is based on, like "6".',
)

/** Our error form instead of oRPC's, and the headers that no schema of the contract knows. */
const withErrorsAndHeaders = (item: OpenAPI.PathItemObject): OpenAPI.PathItemObject => {
  for (const method of METHODS) {
    const operation = item[method]
    if (!operation) continue
    const good = Object.entries(operation.responses ?? {}).filter(([status]) => status.startsWith('2'))
    operation.responses = { ...Object.fromEntries(good), ...failed }
    const extra = method === 'get' ? [] : method === 'put' ? [reasonHeader, matchHeader] : [reasonHeader]
    operation.parameters = [...(operation.parameters ?? []), ...extra]
  }
  return item
}

/** The OpenAPI 3.1 document of the REST interface under `/api/v1`, made from the contract. */
export const createOpenApi = async (version: string): Promise<OpenAPI.Document> => {
  const generator = new OpenAPIGenerator({ schemaConverters: [new ZodToJsonSchemaConverter()] })
  const document = await generator.generate(contract, {
    info: { title: 'PSWebHost Cluster', version, description: DESCRIPTION },
    servers: [{ url: '/api/v1' }],
    security: [{ token: [] }],
    components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
    commonSchemas: {
      Task: { schema: taskSchema, strategy: 'output' },
      Run: { schema: runSchema, strategy: 'output' },
      Change: { schema: changeSchema, strategy: 'output' },
      Node: { schema: nodeSchema, strategy: 'output' },
      Event: { schema: eventSchema, strategy: 'output' },
    },
  })
  const paths: OpenAPI.PathsObject = { '/history/{historyId}/output': outputPath }
  for (const [path, item] of Object.entries(document.paths ?? {}))
    paths[path] = withErrorsAndHeaders(item ?? {})
  const problem = { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } }
  return {
    ...document,
    paths,
    components: {
      ...document.components,
      schemas: { ...document.components?.schemas, Problem: problemSchema },
      responses: { Problem: { description: 'What went wrong, and what to do.', content: problem } },
    },
  }
}
