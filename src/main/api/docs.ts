import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { OpenAPI } from '@orpc/openapi'
import type { FastifyInstance } from 'fastify'
import { createOpenApi } from './openapi.ts'
import { API_PREFIX } from './rest.ts'

const PAGE = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width" />
    <title>PSWebHost Cluster API</title>
    <link rel="stylesheet" href="/api/docs/assets/swagger-ui.css" />
  </head>
  <body>
    <div id="docs"><p>Everything shown here is in <a href="${API_PREFIX}/openapi.json">openapi.json</a>.</p></div>
    <script src="/api/docs/assets/swagger-ui-bundle.js"></script>
    <script src="/api/docs/init.js"></script>
  </body>
</html>
`

// A file of its own: the content security policy allows no inline scripts.
const INIT = `SwaggerUIBundle({ url: '${API_PREFIX}/openapi.json', dom_id: '#docs', deepLinking: true, validatorUrl: null })\n`

const ASSETS = ['swagger-ui.css', 'swagger-ui-bundle.js']

/** Where the installed package lies: beside the sources in development, in node_modules of a package. */
const swaggerFolder = (): string | null => {
  try {
    const folder = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'))
    return existsSync(folder) ? folder : null
  } catch {
    return null
  }
}

/**
 * `/api/v1/openapi.json` and a page to browse it, both without login: they describe, they hold no data.
 * Without swagger-ui-dist the page still leads to the document.
 */
export const registerDocs = async (app: FastifyInstance, version: string): Promise<void> => {
  let document: Promise<OpenAPI.Document> | null = null
  app.get(`${API_PREFIX}/openapi.json`, () => (document ??= createOpenApi(version)))
  app.get('/api/docs', (_, reply) => reply.type('text/html; charset=utf-8').send(PAGE))
  app.get('/api/docs/init.js', (_, reply) => reply.type('text/javascript; charset=utf-8').send(INIT))
  const root = swaggerFolder()
  if (root === null) return
  await app.register(fastifyStatic, {
    root,
    prefix: '/api/docs/assets/',
    decorateReply: false,
    index: false,
    allowedPath: (path) => ASSETS.includes(path.replace(/^\//, '')),
  })
}
