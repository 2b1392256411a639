import { Button } from '@mantine/core'
import type { AppError } from '../../shared/domain/errors.ts'

interface ErrorViewProps {
  /** What could not be done, to what: 'The tasks could not be read'. */
  what: string
  error: AppError
  onRetry?: () => void
}

/** In place of the content, the frame kept: what happened, to what, and what to do. */
export function ErrorView({ what, error, onRetry }: ErrorViewProps) {
  return (
    <div className="empty" role="alert">
      <h2>{what}</h2>
      <p className="t2">{error.message}</p>
      {onRetry && (
        <div className="row">
          <Button onClick={onRetry}>Try again</Button>
        </div>
      )}
    </div>
  )
}
