import { Button, CopyButton, Select } from '@mantine/core'
import { useState } from 'react'
import type { CreatedJoinToken } from '../../../shared/domain/cluster.ts'
import type { AppError } from '../../../shared/domain/errors.ts'
import { isFile } from '../../../shared/domain/database.ts'
import { toAppError } from '../../lib/app-error.ts'
import { dataOf } from '../../lib/loadable.ts'
import { href, useRouter } from '../../lib/router.ts'
import { systemContext } from '../../shell/system-store.ts'
import { Dialog } from '../../ui/dialog.tsx'
import { Code } from '../../ui/text.tsx'
import { Clock, Relative } from '../../ui/time.tsx'
import { nodesContext } from './store.ts'

/** How a newcomer gets in: a token that is shown once, and what to type there. */
export function AddNode({ onClose }: { onClose: () => void }) {
  const type = dataOf(systemContext.useState((state) => state.info))?.databaseType
  const [created, setCreated] = useState<CreatedJoinToken | null>(null)
  return (
    <Dialog title="Add a node" onClose={onClose}>
      {type !== undefined && isFile(type) ? (
        <NeedsServer onClose={onClose} />
      ) : created === null ? (
        <Ask onCreated={setCreated} onClose={onClose} />
      ) : (
        <Created token={created} onClose={onClose} />
      )}
    </Dialog>
  )
}

function NeedsServer({ onClose }: { onClose: () => void }) {
  const router = useRouter()
  const go = (): void => {
    onClose()
    router.go(href(['settings', 'database']))
  }
  return (
    <>
      <p>
        <b>Several nodes need a server database.</b> This cluster keeps its tasks in a SQLite file on this
        machine, which no other machine can work on.
      </p>
      <p className="t2">
        Settings → Database tests a connection to PostgreSQL, MySQL, MariaDB or SQL Server, copies everything
        there and switches this node over. Then others can join.
      </p>
      <div className="row dialog-acts">
        <Button data-autofocus onClick={onClose}>
          Close
        </Button>
        <span className="grow" />
        <Button variant="filled" onClick={go}>
          To the database settings
        </Button>
      </div>
    </>
  )
}

const LIFETIMES = [
  { value: '60', label: '1 hour' },
  { value: '480', label: '8 hours' },
  { value: '1440', label: '1 day' },
  { value: '10080', label: '7 days' },
]

interface AskProps {
  onCreated: (token: CreatedJoinToken) => void
  onClose: () => void
}

function Ask({ onCreated, onClose }: AskProps) {
  const { joinTokens } = nodesContext.useApi().getState()
  const [minutes, setMinutes] = useState('60')
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<AppError | null>(null)
  const create = async (): Promise<void> => {
    setBusy(true)
    setError(null)
    try {
      onCreated(await joinTokens.getState().create(Number(minutes)))
    } catch (thrown) {
      setError(toAppError(thrown))
      setBusy(false)
    }
  }
  return (
    <>
      <p>
        A join token lets one newcomer in, once. It carries the cluster’s key, wrapped: whoever has it and can
        reach the database is a node of this cluster.
      </p>
      <Select
        label="Good for"
        data={LIFETIMES}
        value={minutes}
        onChange={(value) => value !== null && setMinutes(value)}
      />
      {error && (
        <p className="bad" role="alert">
          No join token was made: {error.message}
        </p>
      )}
      <div className="row dialog-acts">
        <Button onClick={onClose}>Cancel</Button>
        <span className="grow" />
        <Button variant="filled" data-autofocus loading={busy} onClick={() => void create()}>
          Make a join token
        </Button>
      </div>
    </>
  )
}

function Created({ token: { token, expiresAt }, onClose }: { token: CreatedJoinToken; onClose: () => void }) {
  return (
    <>
      <p role="status">
        <b>The token is shown only now.</b> It is good for one node, until{' '}
        <Clock at={expiresAt} precision="minutes" /> (<Relative at={expiresAt} />
        ).
      </p>
      <Copied label="Join token" text={token} />
      <ol className="dialog-steps">
        <li>
          On the newcomer, install the same version. The <Code>database</Code> section of its{' '}
          <Code>app.yaml</Code> names the same database as this node’s; Settings → Database shows it.
        </li>
        <li>
          Join, with its node stopped or running:
          <Copied
            label="Command"
            text={`pswebhost-node join ${token}`}
            shown={`pswebhost-node join ${token.slice(0, 12)}…`}
          />
        </li>
        <li>
          Start it. It stands in this list a moment later; give it a group or a role there.
          <Copied label="Command to start" text="pswebhost-node --headless" />
        </li>
      </ol>
      <div className="row dialog-acts">
        <span className="grow" />
        <Button variant="filled" onClick={onClose}>
          Done
        </Button>
      </div>
    </>
  )
}

interface CopiedProps {
  label: string
  text: string
  /** In place of a text that stands there already. */
  shown?: string
}

const Copied = ({ label, text, shown = text }: CopiedProps) => (
  <div className="copied">
    <code className="mono" tabIndex={0} aria-label={label}>
      {shown}
    </code>
    <CopyButton value={text}>
      {({ copied, copy }) => (
        <Button aria-label={`Copy: ${label}`} onClick={copy}>
          {copied ? 'Copied' : 'Copy'}
        </Button>
      )}
    </CopyButton>
  </div>
)
