import { Button, CopyButton, Select, TextInput } from '@mantine/core'
import { useEffect, useState, type FormEvent } from 'react'
import { ROLES, type ApiToken, type CreatedToken, type Role } from '../../../shared/domain/role.ts'
import { useRefusal } from '../../lib/role.ts'
import { toastDone } from '../../lib/toast.ts'
import { useAct } from '../../lib/use-act.ts'
import { Section } from '../../ui/text.tsx'
import { Clock } from '../../ui/time.tsx'
import { settingsContext } from './store.ts'

/** Who may ask this cluster, with which role. A token's text is shown once. */
export function Tokens() {
  const tokens = settingsContext.useState((state) => state.tokens)
  const { loadTokens } = settingsContext.useApi().getState()
  const [created, setCreated] = useState<CreatedToken | null>(null)
  useEffect(() => void loadTokens(), [loadTokens])
  const valid = tokens.status === 'ready' ? tokens.data.filter(({ revokedAt }) => revokedAt === null) : []
  return (
    <Section title="Tokens" count={tokens.status === 'ready' ? valid.length : undefined}>
      {tokens.status === 'failed' && <p className="bad">{tokens.error.message}</p>}
      <ul className="settings-tokens">
        {valid.map((token) => (
          <TokenLine key={token.tokenId} token={token} />
        ))}
      </ul>
      {created && <NewToken token={created} onDone={() => setCreated(null)} />}
      <CreateToken onCreated={setCreated} />
    </Section>
  )
}

function TokenLine({ token }: { token: ApiToken }) {
  const { revokeToken } = settingsContext.useApi().getState()
  const [asked, setAsked] = useState(false)
  const revoking = useAct(`${token.tokenName} was not revoked`)
  const refusal = useRefusal('admin')
  const revoke = async (): Promise<void> => {
    await revokeToken(token.tokenId)
    toastDone(`${token.tokenName} is revoked`)
  }
  return (
    <li>
      <b className="cut">{token.tokenName}</b>
      <span>{token.role}</span>
      <span className="t3 num cut">
        since <Clock at={token.createdAt} />
        {token.createdBy && ` by ${token.createdBy}`}
        {token.expiresAt && (
          <>
            , until <Clock at={token.expiresAt} />
          </>
        )}
      </span>
      {asked ? (
        <span className="row">
          <span className="t2">Whoever uses it is shut out at once.</span>
          <Button c="var(--failed)" loading={revoking.busy} onClick={() => revoking.start(revoke)}>
            Revoke
          </Button>
          <Button onClick={() => setAsked(false)}>Keep</Button>
        </span>
      ) : (
        <Button disabled={refusal !== null} title={refusal ?? undefined} onClick={() => setAsked(true)}>
          Revoke…
        </Button>
      )}
    </li>
  )
}

const NewToken = ({ token, onDone }: { token: CreatedToken; onDone: () => void }) => (
  <div className="settings-new-token" role="status">
    <p>
      <b>{token.tokenName}</b> is shown only now:
    </p>
    <code className="mono">{token.token}</code>
    <CopyButton value={token.token}>
      {({ copied, copy }) => <Button onClick={copy}>{copied ? 'Copied' : 'Copy'}</Button>}
    </CopyButton>
    <Button onClick={onDone}>Done</Button>
  </div>
)

const isRole = (text: string | null): text is Role => ROLES.some((role) => role === text)

function CreateToken({ onCreated }: { onCreated: (token: CreatedToken) => void }) {
  const { createToken } = settingsContext.useApi().getState()
  const [name, setName] = useState('')
  const [role, setRole] = useState<Role>('viewer')
  const creating = useAct('No token was created')
  const refusal = useRefusal('admin')
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    creating.start(async () => {
      onCreated(await createToken(role, name))
      setName('')
    })
  }
  return (
    <form className="settings-create" onSubmit={submit}>
      <TextInput
        label="New token for"
        placeholder="who or what uses it"
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <Select
        label="Role"
        data={[
          { value: 'viewer', label: 'viewer: reads' },
          { value: 'operator', label: 'operator: also runs and stops' },
          { value: 'admin', label: 'admin: everything' },
        ]}
        allowDeselect={false}
        value={role}
        onChange={(value) => isRole(value) && setRole(value)}
      />
      <Button type="submit" loading={creating.busy} disabled={refusal !== null} title={refusal ?? undefined}>
        Create token
      </Button>
    </form>
  )
}
