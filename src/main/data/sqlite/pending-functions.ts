import type { Clock } from '../../platform/clock.ts'
import type { WriteContexts } from '../../platform/write-context.ts'
import { createCaptureFunctions, type CaptureFunctions } from './capture-functions.ts'

/**
 * What the triggers of a replica call: the functions of change capture, the hybrid time of the edit, and
 * `applies_changes()`, 1 within a write that brings what the cluster database has already, and `this_node()`.
 * `applies_changes()` throws outside of a write: nothing is written there unnoted.
 *
 * @param deps.stamp the hybrid time of an edit made now.
 */
export const createPendingFunctions = (deps: {
  contexts: WriteContexts
  clock: Clock
  compressionLevel: number
  stamp: () => string
}): CaptureFunctions => ({
  ...createCaptureFunctions(deps),
  applies_changes: () => {
    const scope = deps.contexts.current()
    if (!scope) throw new Error('write without context: change captured tables through Database.write only')
    return scope.applies ? 1 : 0
  },
  hybrid_time: () => deps.stamp(),
  this_node: () => deps.contexts.current()?.nodeId ?? null,
})
