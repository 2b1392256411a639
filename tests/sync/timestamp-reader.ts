import type { OpenDatabase } from '../../src/main/data/db.ts'

/**
 * The specification's way to follow changes: those with a time above the last one seen. Milder than its text, which
 * takes the reader's own clock for that. It is here to show what it loses.
 */
export const createTimestampReader = (db: OpenDatabase) => {
  const seen = new Set<string>()
  let lastSync = ''
  return {
    seen,
    read: async (): Promise<void> => {
      const changes = await db.read
        .selectFrom('Data_Change')
        .select(['changeId', 'changedAt'])
        .where('changedAt', '>', lastSync)
        .orderBy('changedAt')
        .execute()
      for (const { changeId } of changes) seen.add(changeId)
      lastSync = changes.at(-1)?.changedAt ?? lastSync
    },
  }
}
