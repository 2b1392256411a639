import { resolve } from 'node:path'
import { AppError } from '../../../shared/domain/errors.ts'
import { isInside, resolveScript } from '../../exec/script-path.ts'

/** Where scripts may lie: by the path, and where the file is on this node already, by where its links lead. */

/** A relative path is looked up in each root; an absolute one must lie below one. */
export const isBelowRoots = (scriptPath: string, roots: readonly string[]): boolean =>
  roots.some((root) => isInside(resolve(root), resolve(root, scriptPath)))

export interface ScriptChecks {
  /** @throws AppError BAD_REQUEST naming the roots. */
  refuseOutside(scriptPath: string): Promise<void>
  /** Why the path may not be saved; null when it may, also where no file is there yet. */
  outsideReason(scriptPath: string): Promise<string | null>
}

export const createScriptChecks = (roots: () => readonly string[]): ScriptChecks => {
  const outsideReason = async (scriptPath: string): Promise<string | null> => {
    const scriptRoots = [...roots()]
    if (!isBelowRoots(scriptPath, scriptRoots))
      return `must lie below a script root (${scriptRoots.join(', ')}); move the script or add its folder to execution.scriptRoots in app.yaml on the node`
    const script = await resolveScript({ scriptPath, scriptRoots })
    return !script.ok && script.refusal === 'outside'
      ? `leads out of the script roots: ${script.reason}`
      : null
  }
  return {
    outsideReason,
    refuseOutside: async (scriptPath) => {
      const message = await outsideReason(scriptPath)
      if (message)
        throw new AppError('BAD_REQUEST', `scriptPath: ${message}`, {
          issues: [{ path: ['scriptPath'], message }],
        })
    },
  }
}
