import { AppError } from '../../shared/domain/errors.ts'
import { readInfo } from '../data/cluster-info.ts'
import type { OpenDatabase, Query } from '../data/db.ts'
import type { LateDatabase } from '../data/late.ts'
import { findNode } from '../data/repos/nodes.ts'
import { startLoop, type Loop } from '../loops/loop.ts'
import type { Tokens } from '../services/tokens.ts'
import { clusterInfoOf, type Core } from './core.ts'
import type { Engine } from './engine.ts'
import { registerSelf } from './register-self.ts'

/** How a node becomes part of its cluster: at its start, or, when the cluster database was away then, as soon as it is there. */
export interface Arrival {
  /** Whether the cluster database knows of this start. */
  hasJoined(): boolean
  /** @throws AppError as registering does. */
  join(tokens: Pick<Tokens, 'ensureAdminToken'>): Promise<void>
  /** Tries to join until it has. */
  awaitDatabase(late: LateDatabase, parts: ArrivalParts): void
  close(): Promise<void>
}

export interface ArrivalParts {
  tokens: Pick<Tokens, 'ensureAdminToken'>
  engine: Pick<Engine, 'reclaim' | 'wake'>
}

const LONGEST_WAIT_MS = 5_000

export const createArrival = (core: Core, port: number): Arrival => {
  const { clock, log } = core
  const ending = new AbortController()
  let hasJoined = false
  let loop: Loop | null = null
  const register = async (db: OpenDatabase): Promise<void> => core.setSelf(await registerSelf(core, db, port))
  const settle = async (tokens: ArrivalParts['tokens']): Promise<void> => {
    await tokens.ensureAdminToken(core.config.dataDir.adminToken)
    await core.keys.announce()
  }
  return {
    hasJoined: () => hasJoined,
    join: async (tokens) => {
      await register(core.db)
      await settle(tokens)
      hasJoined = true
    },
    awaitDatabase: (late, { tokens, engine }) => {
      let isOpen = false
      const welcome = async (db: OpenDatabase): Promise<void> => {
        await refuseOther(core, db)
        await register(db)
      }
      const body = async (): Promise<number> => {
        if (!isOpen) await late.arrive((db) => welcome(db).catch((error: unknown) => standAside(core, error)))
        isOpen = true
        Object.assign(core.clusterInfo, await clusterInfoOf(core.db.look))
        await core.keys.refresh()
        await settle(tokens)
        await engine.reclaim()
        hasJoined = true
        log.info('this node has joined its cluster')
        engine.wake()
        ending.abort()
        return 0
      }
      const { signal } = ending
      loop = startLoop({ clock, log, signal, name: 'joining', body, maxBackoffMs: LONGEST_WAIT_MS })
    },
    close: async () => {
      ending.abort()
      await loop?.ended
    },
  }
}

/** @throws AppError CONFLICT when the replica, by which this node went until now, is of another cluster. */
const refuseOther = async ({ clusterInfo }: Core, db: OpenDatabase): Promise<void> => {
  const { clusterId } = await clusterInfoOf(db.look)
  if (clusterInfo.clusterId === clusterId) return
  throw new AppError(
    'CONFLICT',
    `${db.where} is the database of another cluster than the one this node has a replica of. Restart the node to take ` +
      'part in that one: its replica is moved aside then, with the edits that wait in it.',
  )
}

/** Whom the cluster does not take runs nothing of it either: not what is pinned to it, and not what its replica says. */
const standAside = (core: Core, error: unknown): never => {
  if (error instanceof AppError && error.code === 'CONFLICT') {
    core.setSelf({ ...core.self.node(), isDraining: true })
    core.log.error(error.message)
  }
  throw error
}

/** Who this node is, as its replica knows: the cluster database cannot be asked. */
export const knowByReplica = async (core: Core, replica: Query): Promise<void> => {
  const row = await findNode(replica, core.identity.nodeId)
  if (row) core.setSelf(row)
  core.clusterInfo.clusterId = (await readInfo(replica, 'ClusterID')) ?? ''
  core.clusterInfo.databaseId = (await readInfo(replica, 'ReplicaOf')) ?? ''
}
