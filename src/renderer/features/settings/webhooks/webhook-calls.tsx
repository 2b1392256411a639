import { useEffect, useState } from 'react'
import type { CallState, Webhook, WebhookCall } from '../../../../shared/domain/webhook.ts'
import { things } from '../../../lib/format.ts'
import { idle, settle, type Loadable } from '../../../lib/loadable.ts'
import { href } from '../../../lib/router.ts'
import { Clock } from '../../../ui/time.tsx'
import { settingsContext } from '../store.ts'

const WORDS: Record<CallState, string> = { Waiting: 'waits', Delivered: 'taken', GivenUp: 'given up' }

/** Its newest calls, and how they went. */
export function WebhookCalls({ webhook }: { webhook: Webhook }) {
  const { calls: read } = settingsContext.useState((state) => state.webhooks).getState()
  const [calls, setCalls] = useState<Loadable<WebhookCall[]>>(idle)
  useEffect(() => {
    let isLatest = true
    void settle<WebhookCall[]>(idle, read(webhook)).then((answer) => isLatest && setCalls(answer))
    return () => {
      isLatest = false
    }
    // Read anew with each change of the webhook: a call that was tried is one.
  }, [read, webhook])
  if (calls.status === 'failed') return <p className="bad small">{calls.error.message}</p>
  if (calls.status !== 'ready') return null
  if (calls.data.length === 0) return <p className="t3 small">No task has failed since it was added.</p>
  return (
    <ul className="webhook-calls small" aria-label={`Calls of ${webhook.webhookName}`}>
      {calls.data.map((call) => (
        <li key={call.callId}>
          <Clock at={call.createdAt} precision="seconds" /> <b>{call.event}</b>{' '}
          {call.historyId ? (
            <a href={href(['history', call.historyId])}>{call.body.data.taskName}</a>
          ) : (
            call.body.data.taskName
          )}{' '}
          <span className={call.state === 'Delivered' ? 't3' : 'bad'}>
            {WORDS[call.state]}
            {call.attempts > 1 && ` after ${things(call.attempts, 'attempt')}`}
            {call.lastError && `: ${call.lastError}`}
          </span>
        </li>
      ))}
    </ul>
  )
}
