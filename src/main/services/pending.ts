import { AppError } from '../../shared/domain/errors.ts'

/** Placeholder while issue 5 is being built; nothing of it may be left. */
export const pending = (): Promise<never> => Promise.reject(new AppError('UNAVAILABLE', 'not built yet'))
