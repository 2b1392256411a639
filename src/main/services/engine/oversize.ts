import { messageOf } from '../../../shared/domain/errors.ts'
import { DatabaseFailure } from '../../data/errors.ts'
import type { Packed } from './stored-output.ts'

/** Output that the database will never take must not keep the end of its run from being stored. */

/** The columns of a stored error: enough for a reason and a script's last words. */
export const MAX_ERROR = 4000

/**
 * Stores an ending with its output, or without where that is too large for the server.
 * @param store gets a sentence for the run's `error` when the output is left out.
 */
export const storingOutput = async <T>(
  output: Packed | null,
  store: (output: Uint8Array | null, leftOut: string | null) => Promise<T>,
): Promise<T> => {
  try {
    return await store(output?.gzip ?? null, null)
  } catch (error) {
    if (!output || !(error instanceof DatabaseFailure) || error.kind !== 'oversize') throw error
    return store(null, `the output could not be stored: ${messageOf(error)}`)
  }
}

/** The sentence stays whole: a script's last words give way. */
export const withLeftOut = (error: string | null, leftOut: string | null): string | null => {
  if (leftOut === null) return error
  const room = Math.max(0, MAX_ERROR - leftOut.length - SEPARATOR.length)
  return [error?.slice(0, room), leftOut].filter(Boolean).join(SEPARATOR)
}

const SEPARATOR = ' · '
