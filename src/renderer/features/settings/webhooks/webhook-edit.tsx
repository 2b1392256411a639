import { Button, Checkbox, TagsInput, TextInput } from '@mantine/core'
import type { FormEvent } from 'react'
import type { Webhook } from '../../../../shared/domain/webhook.ts'
import { useRefusal } from '../../../lib/role.ts'
import { LeaveBar } from '../../../ui/leave-bar.tsx'
import { useWebhookEdit, type WebhookEditing } from './use-webhook-edit.ts'
import { WebhookConflict } from './webhook-conflict.tsx'
import type { WebhookField } from './webhook-draft.ts'

/** What a webhook is told of, and where. What was typed is not left without a word. */
export function WebhookEdit({ webhook, onDone }: { webhook: Webhook; onDone: () => void }) {
  const editing = useWebhookEdit(webhook, onDone)
  const { failure, busy, changed, theirs, leaving } = editing
  const refusal = useRefusal('admin')
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (!busy && !theirs) void editing.save()
  }
  return (
    <form className="webhook-edit" aria-label={`Edit ${webhook.webhookName}`} noValidate onSubmit={submit}>
      <Fields editing={editing} webhook={webhook} />
      <WebhookConflict editing={editing} />
      {failure && !failure.issues && !theirs && (
        <p role="alert" className="bad small">
          {failure.message}
        </p>
      )}
      {leaving.to === null ? (
        <div className="row">
          <Button onClick={onDone}>Cancel</Button>
          <Button
            type="submit"
            variant="filled"
            loading={busy}
            disabled={refusal !== null || changed.length === 0 || theirs !== null}
            title={refusal ?? undefined}
          >
            Save
          </Button>
        </div>
      ) : (
        <LeaveBar changed={changed.length} onLeave={leaving.go} onStay={leaving.stay} />
      )}
    </form>
  )
}

function Fields({ editing, webhook }: { editing: WebhookEditing; webhook: Webhook }) {
  const { draft, set, failure } = editing
  const issue = (field: WebhookField) => failure?.issues?.find(({ path }) => path[0] === field)?.message
  return (
    <>
      <TextInput
        label="Name"
        value={draft.webhookName}
        error={issue('webhookName')}
        onChange={(event) => set({ webhookName: event.currentTarget.value })}
      />
      <TextInput
        label="Address"
        value={draft.url}
        placeholder={webhook.url === null ? `${webhook.origin}/… (sealed: this node has not its key)` : ''}
        error={issue('url')}
        onChange={(event) => set({ url: event.currentTarget.value })}
      />
      <fieldset>
        <legend className="label">Told of</legend>
        <Checkbox
          label="failures"
          checked={draft.onFailure}
          onChange={(event) => set({ onFailure: event.currentTarget.checked })}
        />
        <Checkbox
          label="each failure of a task that goes on failing, not only the first"
          disabled={!draft.onFailure}
          checked={draft.repeats}
          onChange={(event) => set({ repeats: event.currentTarget.checked })}
        />
        <Checkbox
          label="recoveries"
          checked={draft.onRecovery}
          onChange={(event) => set({ onRecovery: event.currentTarget.checked })}
        />
      </fieldset>
      <TagsInput
        label="Only tasks of these applications"
        placeholder={draft.apps.length === 0 ? 'all' : ''}
        value={draft.apps}
        error={issue('apps')}
        onChange={(apps) => set({ apps })}
      />
      <TagsInput
        label="or with one of these tags"
        placeholder={draft.tags.length === 0 ? 'all' : ''}
        value={draft.tags}
        error={issue('tags')}
        onChange={(tags) => set({ tags })}
      />
    </>
  )
}
