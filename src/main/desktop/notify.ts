import { Notification } from 'electron'
import type { RunningNode } from '../app.ts'
import { watchFailureNews, type FailureNews } from './failure-news.ts'

export interface NotifyDeps {
  node: Promise<RunningNode>
  icon: string
  /** Whether the person wants to be told. */
  isOn: () => boolean
  /** The notification was clicked: shows what it tells of. */
  onOpen: (path: string) => void
}

const GATHER_MS = 5_000

/** Tells of tasks that begin to fail in the system's own way, until the program ends. */
export const notifyOfFailures = ({ node, icon, isOn, onOpen }: NotifyDeps): { close(): void } => {
  const ending = new AbortController()
  // One that nobody holds is collected, and its click is lost.
  const shown = new Set<Notification>()
  const tell = ({ title, body, path }: FailureNews): void => {
    if (!Notification.isSupported() || !isOn()) return
    const notification = new Notification({ title, body, icon })
    shown.add(notification)
    notification.on('click', () => onOpen(path))
    notification.on('close', () => shown.delete(notification))
    notification.show()
  }
  void node.then(
    ({ services }) => watchFailureNews(services, { signal: ending.signal, gatherMs: GATHER_MS }, tell),
    () => undefined,
  )
  return { close: () => ending.abort() }
}
