import { AppError } from '../../../shared/domain/errors.ts'
import { DatabaseFailure } from '../../data/errors.ts'

/**
 * Whether the cluster database will not take it as it is, however often it is sent: that must hold up nothing else.
 * Otherwise it was away, or took the transaction back, and the next round asks again.
 */
export const isRefused = (error: unknown): boolean =>
  error instanceof AppError && (!(error instanceof DatabaseFailure) || error.kind === 'oversize')
