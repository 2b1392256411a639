import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { StandardRPCJsonSerializer } from '@orpc/client/standard'
import { RPCHandler } from '@orpc/server/node'
import { z } from 'zod'
import { AppError } from '../../shared/domain/errors.ts'
import { isoOf, type Clock } from '../platform/clock.ts'
import { localCaller } from './auth.ts'
import type { ApiContext, Log } from './context.ts'
import { toAppError, toOrpcError } from './errors.ts'
import { askHolder, lockFolder } from './folder-lock.ts'
import { handlerOptions } from './procedure-interceptor.ts'
import type { LocalRouter } from './router.ts'

/** The node that holds a data folder, as it tells of itself. */
const holderSchema = z.object({
  /** `command`: held by a command without a node, for as long as it takes. */
  state: z.enum(['starting', 'ready', 'command', 'unknown']),
  pid: z.number().int().nullable(),
  version: z.string().nullable(),
  startedAt: z.string().nullable(),
  nodeId: z.string().nullable(),
  nodeName: z.string().nullable(),
  url: z.string().nullable(),
})
export type Holder = z.infer<typeof holderSchema>

export interface ControlOptions {
  /** The socket's path, or the name of a Windows pipe (`\\.\pipe\…`). */
  path: string
  version: string
  clock: Clock
  log: Log
}

export interface Control {
  /** What a second start and `GET /holder` are told from now on. */
  announce(about: Partial<Pick<Holder, 'nodeId' | 'nodeName' | 'url'>>): void
  /** Answers calls with local-admin rights; until then they fail with UNAVAILABLE. */
  serve(router: LocalRouter, as?: 'ready' | 'command'): void
  /** Ends open calls and gives the folder up. */
  close(): Promise<void>
}

export type Acquired = { held: true; control: Control } | { held: false; holder: Holder }

/** Someone listens but does not say who: an older program, or one that hangs. */
const UNKNOWN: Holder = {
  state: 'unknown',
  pid: null,
  version: null,
  startedAt: null,
  nodeId: null,
  nodeName: null,
  url: null,
}

const holderIn = (body: unknown): Holder => holderSchema.safeParse(body).data ?? UNKNOWN

/** `node desk (process 4711, http://127.0.0.1:7780, version 0.1.0)`: for the message of a refused start. */
export const holderText = ({ nodeName, pid, url, version, state }: Holder): string => {
  if (state === 'unknown') return 'a program that does not answer'
  if (state === 'command') return `another command (process ${pid ?? '?'})`
  const details = [
    `process ${pid ?? '?'}`,
    url,
    `version ${version ?? '?'}`,
    state === 'starting' ? state : null,
  ]
  return `node ${nodeName ?? 'without a name yet'} (${details.filter(Boolean).join(', ')})`
}

/** Who holds the folder behind this path; null: nobody. */
export const findHolder = async (path: string): Promise<Holder | null> => {
  const answer = await askHolder(path)
  if (answer === 'free' || answer === 'stale') return null
  return answer === 'silent' ? UNKNOWN : holderIn(answer.body)
}

/**
 * Takes the data folder behind `path`, before anything in it is touched. The one that gets it answers `/holder`
 * at once and calls after `serve`.
 * @throws AppError UNAVAILABLE when the socket cannot be made.
 */
export const acquireControl = async ({ path, version, clock, log }: ControlOptions): Promise<Acquired> => {
  const startedAt = isoOf(clock.now())
  let holder: Holder = { ...UNKNOWN, state: 'starting', pid: process.pid, version, startedAt }
  let handler: RPCHandler<ApiContext> | null = null
  const server = createServer((request, response) => {
    if (request.url === '/holder') sendJson(response, 200, holder)
    else void answerCall(handler, request, response, log)
  })
  const lock = await lockFolder(server, path, clock)
  if (typeof lock === 'string' || 'body' in lock)
    return { held: false, holder: typeof lock === 'string' ? UNKNOWN : holderIn(lock.body) }
  const control: Control = {
    announce: (about) => (holder = { ...holder, ...about }),
    serve: (router, state = 'ready') => {
      handler = new RPCHandler<ApiContext>(router, handlerOptions(log))
      holder = { ...holder, state }
    },
    close: () => lock.release(),
  }
  return { held: true, control }
}

const sendJson = (response: ServerResponse, status: number, body: unknown): void => {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

const sendRpcError = (response: ServerResponse, error: AppError): void => {
  const [json, meta] = new StandardRPCJsonSerializer().serialize(toOrpcError(error).toJSON())
  sendJson(response, error.status, { json, meta })
}

const answerCall = async (
  handler: RPCHandler<ApiContext> | null,
  request: IncomingMessage,
  response: ServerResponse,
  log: Log,
): Promise<void> => {
  try {
    if (!handler) throw new AppError('UNAVAILABLE', 'The node is starting; try again in a moment.')
    const context = { caller: localCaller('API') }
    const { matched } = await handler.handle(request, response, { prefix: '/rpc', context })
    if (!matched)
      throw new AppError('NOT_FOUND', 'This node does not know that call; is it of another version?')
  } catch (error) {
    // A client that leaves in the middle of an answer ends here too; then there is nobody to tell.
    if (response.headersSent || response.destroyed) response.destroy()
    else sendRpcError(response, toAppError(error, log))
  }
}
