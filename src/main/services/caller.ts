import { AppError } from '../../shared/domain/errors.ts'
import { allows, type Role } from '../../shared/domain/role.ts'

/** Who asks, and how: every use case gets one, whatever the transport. */
export interface Caller {
  /** `local:root`, `token:ci`, `system`. Written into the change log. */
  actor: string
  role: Role
  /** A run started from a window counts as `Manual`, one started by a program as `API`. */
  trigger: 'Manual' | 'API'
  /** X-Change-Reason, decoded. */
  reason: string | null
  /** If-Match: the version the caller's edit is based on. */
  ifMatch: number | null
  /** Of a node that shows its own credential: it may register and send heartbeats, and nothing else. */
  node?: NodeCredential
}

/** The join token of a newcomer, or the token of a node that joined. */
export type NodeCredential =
  | { kind: 'join'; actor: string; joinTokenId: string; /** base64url. */ secret: string }
  | { kind: 'node'; actor: string; nodeId: string }

/** The node itself: scheduler, maintenance, start-up. */
export const systemCaller: Caller = {
  actor: 'system',
  role: 'admin',
  trigger: 'API',
  reason: null,
  ifMatch: null,
}

/** @throws AppError FORBIDDEN naming both roles; whoever shows a node's credential has none. */
export const requireRole = (caller: Caller, needs: Role): void => {
  if (caller.node)
    throw new AppError(
      'FORBIDDEN',
      'The credential of a node may register that node and send its heartbeats, nothing else; use an API token.',
    )
  if (allows(caller.role, needs)) return
  throw new AppError('FORBIDDEN', `This needs the role ${needs}; ${caller.actor} has ${caller.role}.`)
}
