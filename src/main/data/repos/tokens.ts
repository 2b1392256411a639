import type { Selectable, Updateable } from 'kysely'
import type { Tables } from '../entities/index.ts'
import type { Query, Tx } from '../db.ts'

export type TokenRow = Selectable<Tables['Api_Token']>

export const findToken = (db: Query, tokenId: string): Promise<TokenRow | undefined> =>
  db.selectFrom('Api_Token').selectAll().where('tokenId', '=', tokenId).executeTakeFirst()

export const findTokenByHash = (db: Query, tokenHash: string): Promise<TokenRow | undefined> =>
  db.selectFrom('Api_Token').selectAll().where('tokenHash', '=', tokenHash).executeTakeFirst()

/** Newest first. */
export const allTokens = (db: Query): Promise<TokenRow[]> =>
  db.selectFrom('Api_Token').selectAll().orderBy('createdAt', 'desc').orderBy('tokenId', 'desc').execute()

export const insertToken = async (tx: Tx, row: TokenRow): Promise<void> => {
  await tx.insertInto('Api_Token').values(row).execute()
}

export const updateToken = async (
  tx: Tx,
  tokenId: string,
  fields: Updateable<Tables['Api_Token']>,
): Promise<void> => {
  await tx.updateTable('Api_Token').set(fields).where('tokenId', '=', tokenId).execute()
}
