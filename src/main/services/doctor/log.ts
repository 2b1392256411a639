import type { OpenDatabase } from '../../data/db.ts'
import { checkLog } from '../../data/seal-check.ts'
import { fine, problem, type Check } from '../doctor.ts'
import type { SealMemory } from '../seal-memory.ts'

/** Whether the sealed part of the change log is as it was written, and as this node saw it. */
export const logCheck = (db: OpenDatabase, memory: Pick<SealMemory, 'seen'>): Check => ({
  id: 'log',
  what: 'Change log',
  look: async () => {
    if (!db.trackChanges) return [fine('not sealed')]
    const { broken, blocks, changes } = await checkLog(db.read, await memory.seen())
    if (broken === null)
      return [fine(`${changes} changes in ${blocks} sealed blocks are as they were written`)]
    return [
      problem(
        'error',
        broken,
        'somebody wrote to the database past this program: find out who has its credentials, and compare with a backup',
      ),
    ]
  },
})
