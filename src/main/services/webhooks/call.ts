import { Webhook } from 'standardwebhooks'
import { messageOf } from '../../../shared/domain/errors.ts'
import type { WebhookPayload } from '../../../shared/domain/webhook.ts'
import type { Post, PostAnswer } from '../../platform/post.ts'
import { createMasker } from '../../platform/secrets/mask.ts'

/** One call to an address outside. */
export interface Call {
  url: string
  /** `whsec_…`: base64 of the key. */
  secret: string
  /** Of the call, the same at each attempt: whoever receives it twice knows it by that. */
  callId: string
  body: WebhookPayload
  programVersion: string
  /** The cluster's time in epoch milliseconds: signed with it, since receivers refuse what is minutes off. */
  atMs: number
  signal?: AbortSignal
}

export interface Answer {
  delivered: boolean
  /** Null: there was no answer. */
  statusCode: number | null
  /** Why it was not delivered. */
  error: string | null
  /** How long the receiver wants to be left alone. */
  retryAfterMs: number | null
}

/** Of an answer that is no: enough to see what is wrong. */
const SHOWN = 200

/**
 * POSTs the body as JSON, with the headers of Standard Webhooks (`webhook-id`, `webhook-timestamp`,
 * `webhook-signature`). Taken is what is answered with 2xx. Never rejects; null: it was ended by its signal.
 */
export const makeCall = async (post: Post, call: Call): Promise<Answer | null> => {
  const { url, secret, callId, body, programVersion, atMs, signal } = call
  const text = JSON.stringify(body)
  const headers = {
    'content-type': 'application/json',
    'user-agent': `pswebhost-cluster/${programVersion}`,
    'webhook-id': callId,
    'webhook-timestamp': String(Math.floor(atMs / 1000)),
  }
  try {
    const signature = new Webhook(secret).sign(callId, new Date(atMs), text)
    const posting = { url, body: text, signal, headers: { ...headers, 'webhook-signature': signature } }
    return answerOf(await post(posting), call)
  } catch (error) {
    if (signal?.aborted) return null
    return notDelivered(withoutPath(messageOf(error), url))
  }
}

/** A call that came to nothing before anybody answered it. */
export const notDelivered = (error: string): Answer => ({
  ...{ delivered: false, statusCode: null, error, retryAfterMs: null },
})

const answerOf = ({ status, text, retryAfter }: PostAnswer, { url, atMs }: Call): Answer => {
  if (status >= 200 && status < 300)
    return { delivered: true, statusCode: status, error: null, retryAfterMs: null }
  const said = withoutPath(text.trim(), url).slice(0, SHOWN)
  return {
    delivered: false,
    statusCode: status,
    error: [`answered ${status}`, said].filter(Boolean).join(': '),
    retryAfterMs: ASKS_FOR_PATIENCE.has(status) ? retryAfterIn(retryAfter, atMs) : null,
  }
}

/** Too many requests, and not available for now: then `Retry-After` says when it will take some. */
const ASKS_FOR_PATIENCE: ReadonlySet<number> = new Set([429, 503])

/** Seconds, or a time; null for anything else. */
const retryAfterIn = (header: string | null, nowMs: number): number | null => {
  if (header === null) return null
  if (/^\s*\d+\s*$/.test(header)) return Number(header) * 1000
  const at = Date.parse(header)
  return Number.isNaN(at) ? null : Math.max(0, at - nowMs)
}

/** Shorter parts of an address are words, not keys. */
const KEY_LENGTH = 12

/** Receivers repeat in their answers what they were asked for; who knows the address of a chat may write to it. */
const withoutPath = (text: string, url: string): string => {
  const { href, pathname, search, searchParams } = new URL(url)
  const parts = [...pathname.split('/'), ...searchParams.values()]
  const keys = parts.filter(({ length }) => length >= KEY_LENGTH)
  return createMasker([href, `${pathname}${search}`, pathname, ...keys]).apply(text)
}
