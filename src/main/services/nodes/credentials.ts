import type { Database } from '../../data/db.ts'
import { findJoinTokenByHash } from '../../data/repos/join-tokens.ts'
import { findNode } from '../../data/repos/nodes.ts'
import { findNodeStateByToken } from '../../data/repos/node-states.ts'
import type { NodeCredential } from '../caller.ts'
import { joinTokenHash, parseJoinToken } from '../join-tokens/text.ts'
import { isNodeToken, nodeTokenHash } from './node-token.ts'

/** What a node shows instead of an API token: the join token that lets it in, then its own. */
export const verifyNodeCredential = async (db: Database, text: string): Promise<NodeCredential | null> => {
  if (isNodeToken(text)) return nodeOf(db, nodeTokenHash(text))
  const join = parseJoinToken(text)
  if (!join) return null
  const token = await findJoinTokenByHash(db.look, joinTokenHash(join.secret))
  if (!token || token.expiresAt <= (await db.now())) return null
  return {
    kind: 'join',
    actor: `join-token:${token.joinTokenId.slice(-6)}`,
    joinTokenId: token.joinTokenId,
    secret: join.secret.toString('base64url'),
  }
}

const nodeOf = async (db: Database, tokenHash: string): Promise<NodeCredential | null> => {
  const state = await findNodeStateByToken(db.look, tokenHash)
  const row = state && (await findNode(db.look, state.nodeId))
  // Retiring clears the hash; a row that says so otherwise is believed too.
  return row?.isActive ? { kind: 'node', actor: `node:${row.nodeName}`, nodeId: row.nodeId } : null
}
