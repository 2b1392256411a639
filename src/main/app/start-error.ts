import { AppError } from '../../shared/domain/errors.ts'

/** The database cannot be reached, the folder is held by another node, or a newer program is needed. */
export const START_EXIT_CODE = 3

/** A start that failed for a reason outside the configuration: exit code 3. */
export class StartError extends AppError {
  readonly exitCode = START_EXIT_CODE
}

/** What stops a start, with its exit code; a bug stays what it is. */
export const asStartError = (error: unknown): unknown =>
  error instanceof AppError && !(error instanceof StartError)
    ? new StartError(error.code, error.message, { cause: error })
    : error
