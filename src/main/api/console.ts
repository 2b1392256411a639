import { existsSync } from 'node:fs'
import { join, sep } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Log } from './context.ts'
import { noSuchRoute, pathOf, sendError } from './problems.ts'

const NOT_BUILT = `The console is not part of this installation: its files were not found.

In a clone, "npm run build" makes them. The API answers under /api/v1; /api/docs describes it.
`

const HOUR = 3600

const wantsPage = (request: FastifyRequest): boolean =>
  (request.method === 'GET' || request.method === 'HEAD') &&
  (request.headers.accept ?? '').includes('text/html') &&
  !/^\/(api|rpc)(\/|$)/.test(pathOf(request))

/** Files below assets/ carry a hash in their names and never change; the page names them and does. */
const cacheFor = (path: string): string =>
  path.includes(`${sep}assets${sep}`) ? `public, max-age=${365 * 24 * HOUR}, immutable` : 'no-cache'

/**
 * The console's files at `/`. Paths of its own views (`/tasks/…`) are answered with its page, so that they can
 * be opened and reloaded; whatever else is unknown stays a 404.
 */
export const registerConsole = async (app: FastifyInstance, folder: string, log: Log): Promise<void> => {
  const isBuilt = existsSync(join(folder, 'index.html'))
  if (isBuilt) {
    await app.register(fastifyStatic, {
      root: folder,
      prefix: '/',
      cacheControl: false,
      dotfiles: 'ignore',
      setHeaders: (reply, path) => void reply.header('cache-control', cacheFor(path)),
    })
  }
  // Browsers ask for it unbidden; the console names its own icon, if any, in its page.
  if (!existsSync(join(folder, 'favicon.ico')))
    app.get('/favicon.ico', (_, reply) =>
      reply
        .code(204)
        .header('cache-control', `max-age=${24 * HOUR}`)
        .send(),
    )
  const page = (reply: FastifyReply): FastifyReply =>
    isBuilt ? reply.sendFile('index.html') : reply.type('text/plain; charset=utf-8').send(NOT_BUILT)
  if (!isBuilt) app.get('/', (_, reply) => page(reply))
  app.setNotFoundHandler({ preHandler: app.rateLimit() }, (request, reply) =>
    wantsPage(request) ? page(reply.code(200)) : sendError(request, reply, noSuchRoute(request), log),
  )
}
