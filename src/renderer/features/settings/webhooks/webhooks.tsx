import { Button, CopyButton, TextInput } from '@mantine/core'
import { useEffect, useState, type FormEvent } from 'react'
import { useStore } from 'zustand'
import type { AppError } from '../../../../shared/domain/errors.ts'
import type { CreatedWebhook } from '../../../../shared/domain/webhook.ts'
import { toAppError } from '../../../lib/app-error.ts'
import { useRefusal } from '../../../lib/role.ts'
import { ErrorView } from '../../../ui/error-view.tsx'
import { SkeletonRows } from '../../../ui/skeleton-rows.tsx'
import { Section } from '../../../ui/text.tsx'
import { settingsContext } from '../store.ts'
import { WebhookLine } from './webhook-line.tsx'

/** Who outside is told when a task fails, and when it has recovered; for those who may know the addresses. */
export function Webhooks() {
  const refusal = useRefusal('admin')
  if (refusal === null) return <WebhookList />
  return (
    <Section title="Addresses">
      <p className="t2 webhooks-what">
        Who outside is told when a task fails. The addresses may hold what lets somebody in. {refusal}
      </p>
    </Section>
  )
}

function WebhookList() {
  const store = settingsContext.useState((state) => state.webhooks)
  const webhooks = useStore(store, (state) => state.webhooks)
  const { load } = store.getState()
  const [shown, setShown] = useState<CreatedWebhook | null>(null)
  useEffect(() => void load(), [load])
  if (webhooks.status === 'failed')
    return (
      <ErrorView what="The webhooks could not be read" error={webhooks.error} onRetry={() => void load()} />
    )
  if (webhooks.status !== 'ready') return <SkeletonRows rows={4} />
  return (
    <Section title="Addresses" count={webhooks.data.length}>
      <p className="t3 small webhooks-what">
        An address gets one POST for each run that failed, timed out or was lost once no retry follows, and
        one when the task has succeeded again. Each is signed as Standard Webhooks says, and tried again for a
        day.
      </p>
      {shown && <NewSecret webhook={shown} onDone={() => setShown(null)} />}
      <ul className="webhooks">
        {webhooks.data.map((webhook) => (
          <WebhookLine key={webhook.webhookId} webhook={webhook} onSecret={setShown} />
        ))}
      </ul>
      <CreateWebhook onCreated={setShown} />
    </Section>
  )
}

const NewSecret = ({ webhook, onDone }: { webhook: CreatedWebhook; onDone: () => void }) => (
  <div className="settings-new-token" role="status">
    <p>
      The secret of <b>{webhook.webhookName}</b> is shown only now; its receiver checks signatures with it:
    </p>
    <code className="mono">{webhook.secret}</code>
    <CopyButton value={webhook.secret}>
      {({ copied, copy }) => <Button onClick={copy}>{copied ? 'Copied' : 'Copy'}</Button>}
    </CopyButton>
    <Button onClick={onDone}>Done</Button>
  </div>
)

const issueOf = (failure: AppError | null, field: string): string | undefined =>
  failure?.issues?.find(({ path }) => path[0] === field)?.message

function CreateWebhook({ onCreated }: { onCreated: (webhook: CreatedWebhook) => void }) {
  const { create } = settingsContext.useState((state) => state.webhooks).getState()
  const [name, setName] = useState('')
  const [url, setUrl] = useState('')
  const [busy, setBusy] = useState(false)
  const [failure, setFailure] = useState<AppError | null>(null)
  const refusal = useRefusal('admin')
  const start = async (): Promise<void> => {
    setBusy(true)
    setFailure(null)
    try {
      onCreated(await create(name.trim(), url.trim()))
      setName('')
      setUrl('')
    } catch (thrown) {
      setFailure(toAppError(thrown))
    } finally {
      setBusy(false)
    }
  }
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (!busy) void start()
  }
  return (
    <form className="webhooks-create" noValidate onSubmit={submit}>
      <TextInput
        label="New webhook"
        placeholder="who is told, like on-call"
        value={name}
        error={issueOf(failure, 'webhookName')}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <TextInput
        label="Address"
        placeholder="https://…"
        className="grow"
        value={url}
        error={issueOf(failure, 'url')}
        onChange={(event) => setUrl(event.currentTarget.value)}
      />
      <Button type="submit" loading={busy} disabled={refusal !== null} title={refusal ?? undefined}>
        Add webhook
      </Button>
      {failure && !failure.issues && (
        <p role="alert" className="bad small">
          {failure.message}
        </p>
      )}
    </form>
  )
}
