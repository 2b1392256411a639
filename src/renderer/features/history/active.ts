import type { RunState } from '../../../shared/domain/run.ts'

/** It has not ended. The same rule as the domain's, which comes with its schemas and would bring zod here. */
export const isActive = (state: RunState): boolean => state === 'Queued' || state === 'Running'
