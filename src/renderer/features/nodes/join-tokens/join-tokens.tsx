import { Button } from '@mantine/core'
import { useState } from 'react'
import { useStore } from 'zustand'
import type { JoinToken } from '../../../../shared/domain/cluster.ts'
import type { ClusterNode } from '../../../../shared/domain/node.ts'
import { dataOf } from '../../../lib/loadable.ts'
import { useRefusal } from '../../../lib/role.ts'
import { toastDone } from '../../../lib/toast.ts'
import { useAct } from '../../../lib/use-act.ts'
import { useNow } from '../../../lib/use-now.ts'
import { Section } from '../../../ui/text.tsx'
import { Clock, Relative } from '../../../ui/time.tsx'
import { nodesContext } from '../store.ts'
import { isOpen, shownTokens, userOf } from './words.ts'

const NO_TOKENS: readonly JoinToken[] = []

/** Who may still come in, and on whose word; nothing while nobody may. */
export function JoinTokens({ nodes }: { nodes: readonly ClusterNode[] }) {
  const { joinTokens } = nodesContext.useApi().getState()
  const tokens = useStore(joinTokens, (state) => state.tokens)
  const shown = shownTokens(dataOf(tokens) ?? NO_TOKENS, useNow())
  if (tokens.status === 'failed')
    return (
      <Section title="Join tokens">
        <p className="bad">They could not be read: {tokens.error.message}</p>
      </Section>
    )
  if (shown.length === 0) return null
  return (
    <Section title="Join tokens" count={`${shown.filter(isOpen).length} open`}>
      <ul className="join-tokens" aria-label="Join tokens">
        {shown.map((token) => (
          <TokenLine key={token.joinTokenId} token={token} usedBy={userOf(token, nodes)} />
        ))}
      </ul>
    </Section>
  )
}

function TokenLine({ token, usedBy }: { token: JoinToken; usedBy: string | null }) {
  const { createdBy, createdAt, expiresAt } = token
  return (
    <li>
      <span className="cut">
        by <b>{createdBy ?? 'somebody'}</b>{' '}
        <span className="t3">
          <Clock at={createdAt} />
        </span>
      </span>
      <span className="cut">
        <Uses token={token} usedBy={usedBy} />
      </span>
      <span className="t2 num cut">
        until <Clock at={expiresAt} />, <Relative at={expiresAt} />
      </span>
      <Revoke token={token} />
    </li>
  )
}

function Uses({ token: { usedAt }, usedBy }: { token: JoinToken; usedBy: string | null }) {
  if (usedAt === null) return <>lets one node in, not used yet</>
  return (
    <span className="t3">
      used once, by {usedBy} <Clock at={usedAt} />
    </span>
  )
}

function Revoke({ token }: { token: JoinToken }) {
  const { joinTokens } = nodesContext.useApi().getState()
  const [asked, setAsked] = useState(false)
  const revoking = useAct('The join token was not revoked')
  const refusal = useRefusal('admin')
  const revoke = async (): Promise<void> => {
    await joinTokens.getState().revoke(token.joinTokenId)
    toastDone('The join token is revoked: it lets nobody in any more')
  }
  if (!asked)
    return (
      <Button
        size="compact-xs"
        disabled={refusal !== null}
        title={refusal ?? undefined}
        onClick={() => setAsked(true)}
      >
        Revoke…
      </Button>
    )
  return (
    <span className="row">
      <Button
        size="compact-xs"
        c="var(--failed)"
        loading={revoking.busy}
        onClick={() => revoking.start(revoke)}
        autoFocus
      >
        Revoke
      </Button>
      <Button size="compact-xs" onClick={() => setAsked(false)}>
        Keep
      </Button>
    </span>
  )
}
