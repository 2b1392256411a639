import { resolve } from 'node:path'
import { AppError } from '../../../shared/domain/errors.ts'
import { isInside } from '../../exec/script-path.ts'

/** Where scripts may lie, judged by the path alone: whether a file is there is a matter of each run. */

/** A relative path is looked up in each root; an absolute one must lie below one. */
export const isBelowRoots = (scriptPath: string, roots: readonly string[]): boolean =>
  roots.some((root) => isInside(resolve(root), resolve(root, scriptPath)))

export interface ScriptChecks {
  /** @throws AppError BAD_REQUEST naming the roots. */
  refuseOutside(scriptPath: string): void
  outsideReason(scriptPath: string): string | null
}

export const createScriptChecks = (roots: () => readonly string[]): ScriptChecks => {
  const outsideReason = (scriptPath: string): string | null =>
    isBelowRoots(scriptPath, roots())
      ? null
      : `must lie below a script root (${roots().join(', ')}); move the script or add its folder to execution.scriptRoots in app.yaml on the node`
  return {
    outsideReason,
    refuseOutside: (scriptPath) => {
      const message = outsideReason(scriptPath)
      if (message)
        throw new AppError('BAD_REQUEST', `scriptPath: ${message}`, {
          issues: [{ path: ['scriptPath'], message }],
        })
    },
  }
}
