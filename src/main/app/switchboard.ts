import { AppError } from '../../shared/domain/errors.ts'
import type { Clock } from '../platform/clock.ts'
import type { Services } from '../services/services.ts'
import { KIND_OF, type MethodKind } from './method-kinds.ts'

/** The services of a node whose inside may be exchanged (restore): callers hold this, not the inside. */
export interface Switchboard {
  services: Services
  connect(services: Services): void
  /** From now on writes fail with UNAVAILABLE and this reason, until `connect`. */
  refuseWrites(reason: string): void
  /**
   * Until `connect` is called again every call fails with UNAVAILABLE and this reason. Resolves when calls that
   * were going on have ended, or have had a few seconds for it.
   */
  disconnect(reason: string): Promise<void>
}

export interface SwitchboardDeps {
  /** Those of the node: they outlive every inside. */
  events: Services['events']
  clock: Clock
  /** Why nobody is there yet. */
  reason: string
}

type Method = (...args: unknown[]) => unknown
type Output = Services['runs']['output']

/** One inside, as long as it is connected. */
interface Line {
  services: Services
  noWrites: string | null
  calls: Set<Promise<unknown>>
  /** Followers of output are to end. */
  over: AbortController
}

/** Scripts have ended by now: followers read the last of their output. */
const LAST_WORDS_MS = 1000
const PATIENCE_MS = 5000

/** Each call looks its service up anew, so that whoever kept one across a restore asks the new one. */
export const createSwitchboard = ({ events, clock, reason }: SwitchboardDeps): Switchboard => {
  let line: Line | null = null
  let absence = reason
  const unavailable = (why: string): AppError => new AppError('UNAVAILABLE', why)

  const call =
    (area: keyof typeof KIND_OF, name: string, kind: MethodKind): Method =>
    (...args) => {
      if (!line) return refuse(kind, unavailable(absence))
      if (kind === 'write' && line.noWrites !== null) return refuse(kind, unavailable(line.noWrites))
      // Every member of every service is a function, and the table of kinds has their names (services.ts).
      const service = line.services[area] as unknown as Record<string, Method>
      if (kind === 'stream')
        return followed(line, () => unavailable(absence), ...(args as Parameters<Output>))
      const result = service[name]?.(...args)
      // A restore waits for the end of all other calls, so not for itself.
      if (result instanceof Promise && kind !== 'restore') track(line, result)
      return result
    }

  const areas = Object.entries(KIND_OF) as [keyof typeof KIND_OF, Record<string, MethodKind>][]
  const inside = areas.map(([area, kinds]) => [
    area,
    Object.fromEntries(Object.entries(kinds).map(([name, kind]) => [name, call(area, name, kind)])),
  ])
  return {
    services: { ...(Object.fromEntries(inside) as Services), events },
    connect: (services) =>
      (line = { services, noWrites: null, calls: new Set(), over: new AbortController() }),
    refuseWrites: (why) => {
      if (line) line.noWrites = why
    },
    disconnect: async (why) => {
      const left = line
      line = null
      absence = why
      if (!left) return
      await settled(left, clock, LAST_WORDS_MS)
      left.over.abort()
      await settled(left, clock, PATIENCE_MS)
    },
  }
}

/** A promised answer is refused by its promise: who does not wait for it where he asks catches it there. */
const refuse = (kind: MethodKind, error: AppError): Promise<never> => {
  if (kind === 'stream' || kind === 'state') throw error
  return Promise.reject(error)
}

const track = ({ calls }: Line, call: Promise<unknown>): void => {
  const noted = call.catch(() => undefined).finally(() => calls.delete(noted))
  calls.add(noted)
}

const settled = async ({ calls }: Line, clock: Clock, ms: number): Promise<void> => {
  const patience = new AbortController()
  await Promise.race([Promise.all(calls), clock.sleep(ms, patience.signal)])
  patience.abort()
}

/** The output of a run; one that has not ended when its node's inside goes fails, and may be asked for again. */
async function* followed(
  line: Line,
  gone: () => AppError,
  ...[caller, historyId, options]: Parameters<Output>
): AsyncGenerator<{ offset: number; bytes: Uint8Array; end?: string }, void> {
  const given = options.signal
  const signal = given ? AbortSignal.any([given, line.over.signal]) : line.over.signal
  let done = (): void => undefined
  track(line, new Promise<void>((resolve) => (done = resolve)))
  let ended = false
  try {
    for await (const chunk of line.services.runs.output(caller, historyId, { ...options, signal })) {
      ended = chunk.end !== undefined
      yield chunk
    }
  } finally {
    done()
  }
  if (!ended && line.over.signal.aborted && !given?.aborted) throw gone()
}
