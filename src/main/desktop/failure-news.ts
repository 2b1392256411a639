import { localCaller } from '../api/auth.ts'
import type { Failure } from '../../shared/domain/failure.ts'
import type { Services } from '../services/services.ts'

/** Whenever it begins anew it is another one. */
const nameOf = ({ failureId, failingSince }: Failure): string => `${failureId} ${failingSince}`

/** What a person is told beside the clock. */
export interface FailureNews {
  title: string
  body: string
  /** The view that tells more. */
  path: string
}

export interface NewsSources {
  failures: Pick<Services['failures'], 'list'>
  system: Pick<Services['system'], 'info'>
  events: Pick<Services['events'], 'subscribe'>
}

export interface NewsOptions {
  signal: AbortSignal
  /** Failures that come within so long are told together, in milliseconds. */
  gatherMs: number
}

const LOOKED_AT = 200
const NAMED = 4
/** Far more than begin to fail at once. */
const REMEMBERED = 5_000

/**
 * Tells of tasks that begin to fail, several at once together, until `signal`. What fails at the start, and in a database
 * that was restored since, is known already; what goes on failing, and what somebody has acknowledged, is no news.
 */
export const watchFailureNews = async (
  { failures, system, events }: NewsSources,
  { signal, gatherMs }: NewsOptions,
  tell: (news: FailureNews) => void,
): Promise<void> => {
  const told = new Set<string>()
  let knownOf: string | null = null
  let timer: NodeJS.Timeout | null = null
  const look = async (): Promise<void> => {
    const { databaseId } = await system.info(localCaller('Manual'))
    if (knownOf !== databaseId) {
      // By what fails now, and not by when it began: that is the time of another machine. The latest, which are looked
      // at most, are remembered longest.
      for (const one of (await failing(failures)).toReversed()) told.add(nameOf(one))
      knownOf = databaseId
      return
    }
    const { items } = await failures.list(localCaller('Manual'), { show: 'failing', limit: LOOKED_AT })
    const fresh = items.filter((one) => !one.acknowledgedAt && !told.has(nameOf(one)))
    for (const name of items.map(nameOf).toReversed()) {
      told.delete(name)
      told.add(name)
    }
    for (const name of told) if (told.size > REMEMBERED) told.delete(name)
    const news = newsOf(fresh)
    if (news && !signal.aborted) tell(news)
  }
  let looking = Promise.resolve()
  // While nobody answers (a restore exchanges the database) the next event asks again.
  const lookNext = (): void => {
    timer = null
    looking = looking.then(look).catch(() => undefined)
  }
  lookNext()
  for await (const { type } of events.subscribe(signal))
    if (/^(failure\.changed|missed|database\.back)$/.test(type)) timer ??= setTimeout(lookNext, gatherMs)
  if (timer) clearTimeout(timer)
}

/** What fails at the start, as many as are remembered. */
const failing = async (failures: NewsSources['failures']): Promise<Failure[]> => {
  const found: Failure[] = []
  let cursor: string | null = null
  do {
    const page = { limit: LOOKED_AT, ...(cursor !== null && { cursor }) }
    const { items, nextCursor } = await failures.list(localCaller('Manual'), { show: 'failing', ...page })
    found.push(...items)
    cursor = nextCursor
  } while (cursor !== null && found.length < REMEMBERED)
  return found
}

const WORDS = { Failed: 'failed', Timeout: 'timed out', Lost: 'was lost' } as const

/** Null: there is nothing to tell. */
export const newsOf = (failures: readonly Failure[]): FailureNews | null => {
  const [first, ...others] = failures
  if (!first) return null
  if (others.length === 0)
    return {
      title: `${first.taskName} ${WORDS[first.lastState]}`,
      body: (first.lastError ?? '').split('\n')[0] ?? '',
      path: `failures/${first.failureId}`,
    }
  const names = failures.slice(0, NAMED).map(({ taskName }) => taskName)
  const more = failures.length - names.length
  return {
    title: `${failures.length} tasks fail`,
    body: names.join(', ') + (more > 0 ? ` and ${more} more` : ''),
    path: 'failures',
  }
}
