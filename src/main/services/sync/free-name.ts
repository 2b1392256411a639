import type { Image } from '../../../shared/domain/change.ts'
import type { Tx } from '../../data/db.ts'
import { findTaskByName } from '../../data/repos/tasks.ts'

/** What a task's name is: both together are unique. */
export const NAME_FIELDS: readonly string[] = ['taskName', 'appName']

const LONGEST = 200

/** The record's own name while it is free, else `name (2)`, `name (3)`, …: the same whoever asks. */
export const freeName = async (tx: Tx, record: Image): Promise<string> => {
  const [name, app, id] = [record['taskName'], record['appName'], record['taskId']].map(String)
  for (let count = 1; ; count += 1) {
    const candidate = count === 1 ? (name ?? '') : suffixed(name ?? '', ` (${count})`)
    const other = await findTaskByName(tx, candidate, app ?? '')
    if (!other || other.taskId === id) return candidate
  }
}

const suffixed = (name: string, suffix: string): string => name.slice(0, LONGEST - suffix.length) + suffix
