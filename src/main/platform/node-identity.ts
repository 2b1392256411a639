import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { AppError, messageOf } from '../../shared/domain/errors.ts'
import { newId } from './ids.ts'
import { writeFileAtomic } from './write-file.ts'

/*
 * `node.json`: who this data folder is in the cluster. The incarnation is new at each start, so renewals and
 * results of an earlier start can be told apart and refused.
 */

const identitySchema = z.strictObject({
  nodeId: z.string().min(1).max(36),
  incarnation: z.string().min(1).max(36),
})
type StoredIdentity = z.infer<typeof identitySchema>

export interface NodeIdentity {
  nodeId: string
  incarnation: string
  /** The incarnation of the last start; null at the first. */
  previousIncarnation: string | null
}

const isMissing = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ENOENT'

const read = async (file: string): Promise<StoredIdentity | null> => {
  try {
    return identitySchema.parse(JSON.parse(await readFile(file, 'utf8')))
  } catch (error) {
    if (isMissing(error)) return null
    const way = 'put it back from a backup, or delete it to start as a new node'
    const what = error instanceof z.ZodError ? 'it holds something else' : messageOf(error)
    throw new AppError('INTERNAL', `${file} does not name this node (${what}): ${way}.`, { cause: error })
  }
}

const write = (file: string, identity: StoredIdentity): Promise<void> =>
  writeFileAtomic(file, `${JSON.stringify(identity, null, 2)}\n`)

/**
 * This start's identity, written before it is used. `configured` is `node.nodeId`: a given id wins over the
 * stored one, `auto` keeps it (at first: a new UUIDv7).
 * @throws AppError INTERNAL when node.json is damaged: a guess would be a second node with the same runs.
 */
export const startIdentity = async (file: string, configured: string): Promise<NodeIdentity> => {
  const before = await read(file)
  const nodeId = configured === 'auto' ? (before?.nodeId ?? newId()) : configured
  const identity = { nodeId, incarnation: newId() }
  await write(file, identity)
  return { ...identity, previousIncarnation: before?.incarnation ?? null }
}

/** Gives a node that never registered another id, for the import of `WebServer.guid`; holds from the next start. */
export const adoptNodeId = async (file: string, nodeId: string): Promise<void> => {
  const before = await read(file)
  await write(file, { nodeId, incarnation: before?.incarnation ?? newId() })
}
