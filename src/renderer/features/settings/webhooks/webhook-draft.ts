import type { Webhook } from '../../../../shared/domain/webhook.ts'

/** What the form of a webhook edits, and what of it differs. Pure. */

export interface WebhookDraft extends Pick<
  Webhook,
  'webhookName' | 'onFailure' | 'onRecovery' | 'repeats' | 'apps' | 'tags'
> {
  /** Empty: as it was, where this node does not open it. */
  url: string
}
export type WebhookField = keyof WebhookDraft

export const FIELD_LABELS: Readonly<Record<WebhookField, string>> = {
  webhookName: 'Name',
  url: 'Address',
  onFailure: 'Failures',
  repeats: 'Each failure',
  onRecovery: 'Recoveries',
  apps: 'Applications',
  tags: 'Tags',
}

const FIELDS = Object.keys(FIELD_LABELS) as readonly WebhookField[]

export const draftOf = ({
  webhookName,
  url,
  onFailure,
  onRecovery,
  repeats,
  apps,
  tags,
}: Webhook): WebhookDraft => ({
  ...{ webhookName, url: url ?? '', onFailure, onRecovery, repeats, apps, tags },
})

export const changedFields = (before: WebhookDraft, after: WebhookDraft): WebhookField[] =>
  FIELDS.filter((field) => JSON.stringify(before[field]) !== JSON.stringify(after[field]))

/** Only what differs: what somebody else changed meanwhile is not written over with what it was. */
export const patchOf = (before: WebhookDraft, after: WebhookDraft): Partial<WebhookDraft> =>
  Object.fromEntries(changedFields(before, after).map((field) => [field, after[field]]))

/** A value in words, as it stands beside another one. */
export const shown = (draft: WebhookDraft, field: WebhookField): string => {
  const value = draft[field]
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  return typeof value === 'string' ? value : value.join(', ') || 'all'
}
