import type { Selectable } from 'kysely'
import type { Tables } from '../entities/index.ts'
import type { Query, Tx } from '../db.ts'

/** Join tokens. */

export type JoinTokenRow = Selectable<Tables['Join_Token']>

/** Newest first. */
export const allJoinTokens = (db: Query): Promise<JoinTokenRow[]> =>
  db
    .selectFrom('Join_Token')
    .selectAll()
    .orderBy('createdAt', 'desc')
    .orderBy('joinTokenId', 'desc')
    .execute()

export const findJoinToken = (db: Query, joinTokenId: string): Promise<JoinTokenRow | undefined> =>
  db.selectFrom('Join_Token').selectAll().where('joinTokenId', '=', joinTokenId).executeTakeFirst()

export const findJoinTokenByHash = (db: Query, tokenHash: string): Promise<JoinTokenRow | undefined> =>
  db.selectFrom('Join_Token').selectAll().where('tokenHash', '=', tokenHash).executeTakeFirst()

export const insertJoinToken = async (tx: Tx, row: JoinTokenRow): Promise<void> => {
  await tx.insertInto('Join_Token').values(row).execute()
}

export const deleteJoinToken = async (tx: Tx, joinTokenId: string): Promise<void> => {
  await tx.deleteFrom('Join_Token').where('joinTokenId', '=', joinTokenId).execute()
}

/** Whoever decides by what was read has locked the cluster. */
export const useJoinToken = async (
  tx: Tx,
  joinTokenId: string,
  use: { usedAt: string; usedByNodeId: string },
): Promise<void> => {
  await tx.updateTable('Join_Token').set(use).where('joinTokenId', '=', joinTokenId).execute()
}
