import type { Query } from '../../data/db.ts'
import { eachScript, eachTask } from '../../data/repos/tasks.ts'
import { resolveScript } from '../../exec/script-path.ts'
import { fine, problem, type Check } from '../doctor.ts'
import { neededType } from '../tasks/script-type.ts'

/** Tasks whose script is not here, lies outside, or has another hash than pinned: their runs would fail. */
export const scriptCheck = (read: Query, scriptRoots: () => string[]): Check => ({
  id: 'scripts',
  what: 'Scripts of tasks',
  look: async () => {
    const findings = []
    let checked = 0
    for await (const { taskName, scriptPath, scriptHash, enabled } of eachTask(read)) {
      if (!enabled) continue
      checked += 1
      const script = await resolveScript({ scriptPath, scriptHash, scriptRoots: scriptRoots() })
      if (!script.ok)
        findings.push(
          problem('warning', `${taskName}: ${script.reason}`, 'put the script there or edit the task'),
        )
    }
    return findings.length > 0 ? findings : [fine(`${checked} enabled tasks, every script is here`)]
  },
})

/** The script types the tasks of this cluster need. */
export const neededTypes = async (read: Query): Promise<Set<string>> => {
  const types = new Set<string>()
  for await (const script of eachScript(read)) {
    const type = neededType(script)
    if (type) types.add(type)
  }
  return types
}
