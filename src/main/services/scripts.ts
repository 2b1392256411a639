import { messageOf } from '../../shared/domain/errors.ts'
import { SCRIPT_PREVIEW_BYTES, type ScriptPreview } from '../../shared/domain/script.ts'
import { scriptTypeOf } from '../exec/interpreters.ts'
import { resolveScript } from '../exec/script-path.ts'
import { readScriptText } from '../exec/script-text.ts'
import { isoOf } from '../platform/clock.ts'
import { requireRole } from './caller.ts'
import type { Services } from './services.ts'

/** Scripts of this node, to be looked at before a task runs them. Nothing outside the script roots is read. */
export const createScripts = (scriptRoots: () => string[]): Services['scripts'] => ({
  preview: async (caller, { scriptPath }): Promise<ScriptPreview> => {
    // A script may hold what its author took for private: it is for those who decide what runs.
    requireRole(caller, 'admin')
    const script = await resolveScript({ scriptPath, scriptRoots: scriptRoots() })
    if (!script.ok) return { found: false, reason: script.reason }
    const { path, hash } = script
    try {
      const { modifiedMs, ...text } = await readScriptText(path, SCRIPT_PREVIEW_BYTES)
      const scriptType = scriptTypeOf(path, script.isExecutable)
      return { found: true, path, hash, scriptType, modifiedAt: isoOf(modifiedMs), ...text }
    } catch (error) {
      return { found: false, reason: `script ${scriptPath} cannot be read: ${messageOf(error)}` }
    }
  },
})
