import { useEffect, useState } from 'react'
import type { AppError } from '../../shared/domain/errors.ts'
import { toAppError } from '../lib/app-error.ts'
import { NOTHING, search, type Found, type SearchClient } from './search.ts'
import type { Wanted } from './query.ts'

export interface Searched {
  found: Found
  /** The answer to what is typed now has not come yet. */
  isBusy: boolean
  failure: AppError | null
}

const SETTLE_MS = 120

const needsNode = ({ mode, text }: Wanted): boolean => mode === 'runs' || (mode === 'all' && text !== '')

/** What the node finds, once typing pauses; a question that another one overtakes is broken off. */
export const useSearch = (client: SearchClient, { mode, text }: Wanted): Searched => {
  const [answer, setAnswer] = useState<{ of: string; found: Found; failure: AppError | null }>({
    ...{ of: '', found: NOTHING, failure: null },
  })
  const key = `${mode} ${text}`
  useEffect(() => {
    if (!needsNode({ mode, text })) return
    const control = new AbortController()
    const show = (found: Found, failure: AppError | null): void => {
      if (!control.signal.aborted) setAnswer({ of: `${mode} ${text}`, found, failure })
    }
    const ask = (): void => {
      search(client, { mode, text }, control.signal).then(
        (found) => show(found, null),
        (thrown: unknown) => show(NOTHING, toAppError(thrown)),
      )
    }
    const timer = setTimeout(ask, SETTLE_MS)
    return () => {
      clearTimeout(timer)
      control.abort()
    }
  }, [client, mode, text])
  const isAsked = needsNode({ mode, text })
  const isAnswered = isAsked && answer.of === key
  // The rows that were found stay until those that are asked for come: nothing jumps at each letter.
  const isSameMode = answer.of.startsWith(`${mode} `)
  return {
    found: isAsked && isSameMode ? answer.found : NOTHING,
    isBusy: isAsked && !isAnswered,
    failure: isAnswered ? answer.failure : null,
  }
}
