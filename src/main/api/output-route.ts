import { Readable } from 'node:stream'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { AppError } from '../../shared/domain/errors.ts'
import { queryBoolean } from '../../shared/domain/fields.ts'
import type { Clock } from '../platform/clock.ts'
import { requireRole } from '../services/caller.ts'
import type { Services } from '../services/services.ts'
import type { Log } from './context.ts'
import { invalidInput, toAppError, toProblem } from './errors.ts'
import { callerOf, type Login } from './login.ts'
import { toText, type OutputBytes, type OutputText } from './output-text.ts'
import { API_PREFIX, HEARTBEAT_MS } from './rest.ts'
import { ROLE_OF } from './roles.ts'

const querySchema = z.strictObject({
  follow: queryBoolean.default(false),
  from: z.coerce.number().int().min(0).default(0),
})

interface Deps {
  runs: Services['runs']
  clock: Clock
  log: Log
  login: Login
}

/** GET /history/{historyId}/output: text as it was written, or with `follow=true` events until the run ends. */
export const registerOutput = (app: FastifyInstance, { runs, clock, log, login }: Deps): void => {
  app.get<{ Params: { historyId: string } }>(
    `${API_PREFIX}/history/:historyId/output`,
    { onRequest: login },
    async (request, reply) => {
      const caller = callerOf(request)
      requireRole(caller, ROLE_OF.history.output)
      const { follow, from } = parseQuery(request)
      const signal = goneSignal(reply)
      // Before anything is sent, so that an unknown run is still a 404: a followed one may be silent for hours.
      await runs.get(caller, request.params.historyId)
      const chunks = runs.output(caller, request.params.historyId, { from, follow, signal })
      if (follow)
        return reply.type('text/event-stream').send(readable(eventsOf(toText(chunks), clock, signal, log)))
      // Output that cannot be read must become a problem, not a text that breaks off.
      return reply.type('text/plain; charset=utf-8').send(readable(bytesOf(await peeked(chunks))))
    },
  )
}

const parseQuery = (request: FastifyRequest): z.infer<typeof querySchema> => {
  const parsed = querySchema.safeParse(request.query)
  if (!parsed.success) throw invalidInput(parsed.error.issues, Object.keys(querySchema.shape))
  const resume = request.headers['last-event-id']
  if (resume === undefined) return parsed.data
  if (typeof resume !== 'string' || !/^\d{1,15}$/.test(resume))
    throw new AppError('BAD_REQUEST', 'Last-Event-ID must be the id of an event of this stream.')
  return { ...parsed.data, from: Number(resume) }
}

/** Aborts when the client has gone, however it went. */
const goneSignal = (reply: FastifyReply): AbortSignal => {
  const controller = new AbortController()
  reply.raw.once('close', () => controller.abort())
  return controller.signal
}

const readable = (source: AsyncIterable<string | Uint8Array>): Readable =>
  Readable.from(source, { objectMode: false })

const peeked = async <T>(source: AsyncIterable<T>): Promise<AsyncIterable<T>> => {
  const iterator = source[Symbol.asyncIterator]()
  let first: IteratorResult<T> | null = await iterator.next()
  return {
    [Symbol.asyncIterator]: () => ({
      next: async () => {
        const step = first ?? (await iterator.next())
        first = null
        return step
      },
      return: async () => (await iterator.return?.()) ?? { done: true, value: undefined },
    }),
  }
}

async function* bytesOf(chunks: AsyncIterable<OutputBytes>): AsyncGenerator<Uint8Array> {
  for await (const { bytes } of chunks) if (bytes.length > 0) yield bytes
}

const event = (name: string, data: unknown, id?: number): string =>
  `event: ${name}\n${id === undefined ? '' : `id: ${id}\n`}data: ${JSON.stringify(data)}\n\n`

const eventsFor = ({ offset, text, next, end }: OutputText): string => {
  const piece = text === '' ? '' : event('output', { offset, text }, next)
  return end === undefined ? piece : piece + event('end', { state: end })
}

/** Server-sent events with a comment now and then, so that proxies keep a quiet stream open. */
async function* eventsOf(
  chunks: AsyncGenerator<OutputText>,
  clock: Clock,
  signal: AbortSignal,
  log: Log,
): AsyncGenerator<string> {
  try {
    yield ': output\n\n'
    let next = chunks.next()
    for (;;) {
      const step = await orQuiet(next, clock, signal)
      if (step === 'quiet') {
        yield ': still running\n\n'
        continue
      }
      if (step.done) return
      yield eventsFor(step.value)
      next = chunks.next()
    }
  } catch (error) {
    // The status has long been sent: the stream itself must say that it broke.
    if (!signal.aborted) yield event('error', toProblem(toAppError(error, log)))
  }
}

const orQuiet = async <T>(next: Promise<T>, clock: Clock, signal: AbortSignal): Promise<T | 'quiet'> => {
  const timer = new AbortController()
  const quiet = clock
    .sleep(HEARTBEAT_MS, AbortSignal.any([signal, timer.signal]))
    .then(() => 'quiet' as const)
  try {
    return await Promise.race<T | 'quiet'>([next, quiet.then(async (word) => (signal.aborted ? next : word))])
  } finally {
    timer.abort()
  }
}
