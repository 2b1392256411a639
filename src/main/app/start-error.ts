import { ConfigError } from '../config/config-error.ts'
import { AppError } from '../../shared/domain/errors.ts'

/** The database cannot be reached, the folder is held by another node, or a newer program is needed. */
export const START_EXIT_CODE = 3

/** A start that failed for a reason outside the configuration: exit code 3. */
export class StartError extends AppError {
  readonly exitCode = START_EXIT_CODE
}

/** What stops a start, with its exit code; a bug stays what it is. */
export const asStartError = (error: unknown): unknown => {
  if (!(error instanceof AppError) || error instanceof StartError) return error
  // A key of the configuration that shows its fault with its first use only: a file of certificates that is not there.
  if (error.code === 'BAD_REQUEST' && error.issues?.some(({ path }) => path[0] === 'database'))
    return new ConfigError([error.message], error)
  return new StartError(error.code, error.message, { cause: error })
}
