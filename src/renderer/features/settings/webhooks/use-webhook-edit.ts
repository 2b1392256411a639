import { useEffect, useRef, useState } from 'react'
import type { AppError } from '../../../../shared/domain/errors.ts'
import type { Webhook } from '../../../../shared/domain/webhook.ts'
import { toAppError } from '../../../lib/app-error.ts'
import { useLeaveGuard } from '../../../lib/use-leave-guard.ts'
import { settingsContext } from '../store.ts'
import { changedFields, draftOf, patchOf, type WebhookDraft } from './webhook-draft.ts'

/**
 * What was typed over a webhook as it was when the form opened. It follows what is saved elsewhere as long as that
 * touches nothing of the form, or nothing was typed; else `theirs` is what stands against it.
 */
export const useWebhookEdit = (webhook: Webhook, onDone: () => void) => {
  const { update } = settingsContext.useState((state) => state.webhooks).getState()
  const [base, setBase] = useState(webhook)
  const [draft, setDraft] = useState(() => draftOf(webhook))
  const [failure, setFailure] = useState<AppError | null>(null)
  const [busy, setBusy] = useState(false)
  const changed = changedFields(draftOf(base), draft)
  const begin = (from: Webhook, next: WebhookDraft): void => {
    setBase(from)
    setDraft(next)
    setFailure(null)
  }
  if (base.version !== webhook.version && !busy) {
    if (changed.length === 0) begin(webhook, draftOf(webhook))
    else if (changedFields(draftOf(base), draftOf(webhook)).length === 0) setBase(webhook)
  }
  const isStale = failure?.code === 'CONFLICT' && base.version !== webhook.version
  const save = async (): Promise<void> => {
    setBusy(true)
    setFailure(null)
    try {
      await update(base, patchOf(draftOf(base), draft))
      onDone()
    } catch (thrown) {
      setFailure(toAppError(thrown))
    } finally {
      setBusy(false)
    }
  }
  return {
    ...{ draft, changed, failure, busy, save },
    set: (part: Partial<WebhookDraft>): void => setDraft({ ...draft, ...part }),
    theirs: isStale ? webhook : null,
    takeTheirs: () => begin(webhook, draftOf(webhook)),
    keepMine: () => begin(webhook, { ...draftOf(webhook), ...patchOf(draftOf(base), draft) }),
    leaving: useUnsaved(changed.length > 0, onDone),
  }
}

export type WebhookEditing = ReturnType<typeof useWebhookEdit>

const useUnsaved = (isDirty: boolean, discard: () => void) => {
  const latest = useRef({ isDirty, discard })
  useEffect(() => {
    latest.current = { isDirty, discard }
  })
  const [guarded] = useState(() => ({
    isDirty: () => latest.current.isDirty,
    discard: () => latest.current.discard(),
  }))
  return useLeaveGuard(guarded)
}
