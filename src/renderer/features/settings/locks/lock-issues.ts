/** What is wrong with a lock group as it is typed, before the node is asked. Pure. */

export const nameIssue = (lockName: string): string | null =>
  lockName.trim() === '' ? 'must have a name' : null

/** Of a number field that is empty while it is no number. */
export const roomIssue = (room: number | ''): string | null =>
  room === '' || !Number.isInteger(room) || room < 1 || room > 1000 ? 'must be a number from 1 to 1000' : null
