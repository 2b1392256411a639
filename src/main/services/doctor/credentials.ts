import { readFile } from 'node:fs/promises'
import type { OpenDatabase } from '../../data/db.ts'
import { findNodeState } from '../../data/repos/node-states.ts'
import { fine, problem, type Check } from '../doctor.ts'
import { otherPublicKey } from '../keys/reading.ts'
import { nodeTokenHash } from '../nodes/node-token.ts'

export interface CredentialCheckDeps {
  db: OpenDatabase
  nodeId: string
  publicKey: string
  /** DIR/node.token; nothing there while the node never joined. */
  nodeTokenFile: string
}

/** What the cluster knows this node by, against what lies in its folder. */
export const credentialCheck = ({ db, nodeId, publicKey, nodeTokenFile }: CredentialCheckDeps): Check => ({
  id: 'credentials',
  what: 'Public key and token of this node',
  look: async () => {
    const state = await findNodeState(db.read, nodeId)
    if (!state?.publicKey) return [fine('not told to the cluster yet')]
    const token = (await readFile(nodeTokenFile, 'utf8').catch(() => '')).trim()
    const findings = [
      ...(state.publicKey === publicKey
        ? []
        : [
            problem(
              'error',
              otherPublicKey(nodeId),
              'a node that runs puts its own back within a minute; if nobody exchanged secret.key, treat it as a break-in',
            ),
          ]),
      ...(token === '' || nodeTokenHash(token) === state.tokenHash
        ? []
        : [
            problem(
              'warning',
              'the cluster knows another token of this node than node.token holds: its heartbeats over the API are refused',
              'join again with a new join token',
            ),
          ]),
    ]
    return findings.length > 0 ? findings : [fine('as the cluster knows them')]
  },
})
