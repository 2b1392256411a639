import { readFileSync, statSync } from 'node:fs'
import { UsageError } from './usage-error.ts'

/** Who calls, and who owns a folder; undefined: no such thing here, or no such folder. */
export interface Ownership {
  caller: number | undefined
  owner: number | undefined
}

const ROOT = 0

/**
 * Root writes files that the owner of the folder, a service with a user of its own, could never open again; and it
 * would follow links that this owner made. So it is told to act as the owner.
 * @throws UsageError with the command to use
 */
export const refuseForeignFolder = (
  dataDir: string,
  { caller, owner }: Ownership = ownershipOf(dataDir),
): void => {
  if (caller !== ROOT || owner === undefined || owner === ROOT) return
  const name = nameOf(owner)
  throw new UsageError(
    `${dataDir} belongs to ${name ?? `user ${owner}`}, who could not use what root writes there. ` +
      `Run this as its owner: sudo -u ${name ?? `'#${owner}'`} pswebhost-node …`,
  )
}

const ownershipOf = (dataDir: string): Ownership => ({
  caller: process.getuid?.(),
  owner: statSync(dataDir, { throwIfNoEntry: false })?.uid,
})

/** Null where names come from elsewhere: a directory service, the accounts of a Mac. */
const nameOf = (uid: number): string | null => {
  try {
    const lines = readFileSync('/etc/passwd', 'utf8').split('\n')
    return lines.map((line) => line.split(':')).find((fields) => fields[2] === `${uid}`)?.[0] ?? null
  } catch {
    return null
  }
}
