import { Button, TextInput } from '@mantine/core'
import { useState, type FormEvent } from 'react'
import type { AppError } from '../../../shared/domain/errors.ts'
import { toAppError } from '../../lib/app-error.ts'
import { toastDone } from '../../lib/toast.ts'
import { Field } from '../../ui/field.tsx'
import { Section } from '../../ui/text.tsx'
import { settingsContext } from './store.ts'

/** How a node that shares the database but not the cluster key gets it; only on its own machine. */
export function Join() {
  const { join } = settingsContext.useApi().getState()
  const [token, setToken] = useState('')
  const [busy, setBusy] = useState(false)
  const [failure, setFailure] = useState<AppError | null>(null)
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    setBusy(true)
    setFailure(null)
    join(token.trim())
      .then(({ holdsKey, note }) =>
        toastDone(
          [
            holdsKey
              ? 'This node belongs to the cluster now and can open its secrets.'
              : 'This node belongs to the cluster now; it has no key for its secrets yet.',
            note,
          ]
            .filter((sentence) => sentence !== null)
            .join(' '),
        ),
      )
      .catch((thrown: unknown) => setFailure(toAppError(thrown)))
      .finally(() => setBusy(false))
  }
  return (
    <Section title="Join the cluster">
      <p className="t2 small settings-join-why">
        This node works on the cluster’s database but holds no key of it: tasks with secrets do not run here.
        A join token, made under Nodes on another node, brings the key. It holds once.
      </p>
      <form onSubmit={submit}>
        <Field label="Join token" htmlFor="node-join" error={failure?.message}>
          <span className="row">
            <TextInput
              id="node-join"
              className="grow"
              classNames={{ input: 'mono' }}
              placeholder="psj_…"
              autoComplete="off"
              spellCheck={false}
              value={token}
              error={failure !== null}
              onChange={(event) => setToken(event.currentTarget.value)}
            />
            <Button type="submit" variant="filled" loading={busy} disabled={token.trim() === ''}>
              Join
            </Button>
          </span>
        </Field>
      </form>
    </Section>
  )
}
