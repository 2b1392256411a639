import { join } from 'node:path'
import { createHttpServer, type HttpDeps, type HttpServer } from '../../src/main/api/http.ts'
import { systemClock } from '../../src/main/platform/clock.ts'
import { memoryLog, type MemoryLog } from '../../src/main/platform/log.ts'
import type { Role } from '../../src/shared/domain/role.ts'
import { createMemoryNode, type MemoryNode } from './memory-services.ts'

export interface HttpNode extends MemoryNode {
  server: HttpServer
  log: MemoryLog
  /** A request with a role's token; `path` below the server's root. */
  ask(path: string, init?: AskInit): Promise<Response>
}

export interface AskInit extends RequestInit {
  as?: Role | null
  json?: unknown
}

/** A node with in-memory services that answers on a free port. */
export const startHttpNode = async (overrides: Partial<HttpDeps> = {}): Promise<HttpNode> => {
  const node = createMemoryNode()
  const log = memoryLog()
  const server = await createHttpServer({
    services: node.services,
    config: { host: '127.0.0.1', port: 0, insecure: false, certificate: null },
    consoleDir: join(import.meta.dirname, 'no-console'),
    log,
    version: '0.1.0',
    clock: systemClock,
    ...overrides,
  })
  const ask = (path: string, { as = 'admin', json, ...init }: AskInit = {}): Promise<Response> => {
    const headers = new Headers(init.headers)
    if (as) headers.set('authorization', `Bearer ${node.tokens[as]}`)
    if (json !== undefined) headers.set('content-type', 'application/json')
    const body = json === undefined ? {} : { body: JSON.stringify(json) }
    return fetch(`${server.url}${path}`, { ...init, headers, ...body })
  }
  return { ...node, server, log, ask }
}
