import { Button, Switch } from '@mantine/core'
import { useState } from 'react'
import type { CreatedWebhook, Webhook, WebhookTest } from '../../../../shared/domain/webhook.ts'
import { things } from '../../../lib/format.ts'
import { useRefusal } from '../../../lib/role.ts'
import { toastDone } from '../../../lib/toast.ts'
import { useAct } from '../../../lib/use-act.ts'
import { Clock } from '../../../ui/time.tsx'
import { settingsContext } from '../store.ts'
import { WebhookCalls } from './webhook-calls.tsx'
import { WebhookEdit } from './webhook-edit.tsx'

interface WebhookLineProps {
  webhook: Webhook
  onSecret: (webhook: CreatedWebhook) => void
}

/** One webhook: whether it is on, how its last call went, and what can be done to it. */
export function WebhookLine({ webhook, onSecret }: WebhookLineProps) {
  const { update, test } = settingsContext.useState((state) => state.webhooks).getState()
  const acting = useAct(`${webhook.webhookName} was not changed`)
  const testing = useAct(`${webhook.webhookName} was not called`)
  const [answer, setAnswer] = useState<WebhookTest | null>(null)
  // Each for itself: looking at its calls drops nothing that was typed.
  const [isEditing, setEditing] = useState(false)
  const [showsCalls, setShowsCalls] = useState(false)
  const refusal = useRefusal('admin')
  const admitted = { disabled: refusal !== null, title: refusal ?? undefined }
  return (
    <li>
      <div className="row webhook-head">
        <Switch
          aria-label={`${webhook.webhookName} is on`}
          checked={webhook.enabled}
          disabled={refusal !== null || acting.busy}
          onChange={(event) => {
            const enabled = event.currentTarget.checked
            acting.start(() => update(webhook, { enabled }))
          }}
        />
        <b className="cut">{webhook.webhookName}</b>
        <span className="t3 cut grow" title="The whole address is under Edit">
          {webhook.origin}/…
        </span>
        <Button
          {...admitted}
          loading={testing.busy}
          onClick={() => testing.start(async () => setAnswer(await test(webhook)))}
        >
          Test
        </Button>
        <Button aria-expanded={showsCalls} onClick={() => setShowsCalls(!showsCalls)}>
          Calls
        </Button>
        <Button aria-expanded={isEditing} disabled={isEditing} onClick={() => setEditing(true)}>
          Edit
        </Button>
        <MoreActs webhook={webhook} refusal={refusal} onSecret={onSecret} />
      </div>
      <p className="small t2" role="status">
        {answer && <Answer of={answer} />} <LastCall of={webhook} />
      </p>
      {isEditing && <WebhookEdit webhook={webhook} onDone={() => setEditing(false)} />}
      {showsCalls && <WebhookCalls webhook={webhook} />}
    </li>
  )
}

const Answer = ({ of: { delivered, statusCode, error, ms } }: { of: WebhookTest }) =>
  delivered ? (
    <span>
      Test call taken with {statusCode} after {ms} ms.
    </span>
  ) : (
    <span className="bad">Test call not taken: {error}.</span>
  )

function LastCall({ of: webhook }: { of: Webhook }) {
  const { lastCall, waiting, onFailure, onRecovery, disabledReason } = webhook
  const told =
    [onFailure && 'failures', onRecovery && 'recoveries'].filter(Boolean).join(' and ') || 'nothing'
  return (
    <>
      {disabledReason !== null && <b className="bad">Switched off: {disabledReason}. </b>}
      Told of {told}.{' '}
      {lastCall === null ? (
        'Not called yet.'
      ) : (
        <span className={lastCall.state === 'Delivered' ? undefined : 'bad'}>
          Last call ({lastCall.event}){lastCall.state === 'Waiting' ? ', noted' : ''} at{' '}
          <Clock at={lastCall.at} />:{' '}
          {lastCall.state === 'Delivered' ? `taken with ${lastCall.statusCode}` : lastCall.error}.
        </span>
      )}
      {waiting > 0 && <b className="warn"> {things(waiting, 'call')} to be tried again.</b>}
    </>
  )
}

interface MoreActsProps extends WebhookLineProps {
  refusal: string | null
}

/** What cannot be taken back is asked twice. */
function MoreActs({ webhook, refusal, onSecret }: MoreActsProps) {
  const { remove, renewSecret } = settingsContext.useState((state) => state.webhooks).getState()
  const acting = useAct(`${webhook.webhookName} was not changed`)
  const [asked, ask] = useState<'secret' | 'delete' | null>(null)
  const admitted = { disabled: refusal !== null, title: refusal ?? undefined }
  const start = (): void => {
    ask(null)
    acting.start(async () => {
      if (asked === 'secret') return onSecret(await renewSecret(webhook))
      await remove(webhook)
      toastDone(`${webhook.webhookName} is deleted`)
    })
  }
  if (asked === null)
    return (
      <>
        <Button {...admitted} loading={acting.busy} onClick={() => ask('secret')}>
          New secret…
        </Button>
        <Button {...admitted} aria-label={`Delete ${webhook.webhookName}…`} onClick={() => ask('delete')}>
          Delete…
        </Button>
      </>
    )
  return (
    <>
      <span className="t2 small">
        {asked === 'secret' ? 'The one before signs nothing more.' : 'Calls that wait go with it.'}
      </span>
      <Button c="var(--failed)" onClick={start}>
        {asked === 'secret' ? 'New secret' : 'Delete'}
      </Button>
      <Button onClick={() => ask(null)}>Keep</Button>
    </>
  )
}
