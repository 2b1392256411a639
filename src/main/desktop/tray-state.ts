import type { SystemInfo } from '../../shared/domain/system.ts'

/** What the tray shows of the node, told apart by shape. */
export type TrayShape = 'working' | 'paused' | 'stopping' | 'failing'

export interface TrayState {
  shape: TrayShape
  /** One line, the tooltip and the menu's first entry. */
  text: string
  /** The entry that pauses or resumes; null while neither can be done. */
  pause: { label: string; drain: boolean } | null
}

const things = (count: number, one: string): string => `${count} ${one}${count === 1 ? '' : 's'}`
const stillRun = (count: number): string => `${things(count, 'script')} still ${count === 1 ? 'runs' : 'run'}`

/** @param info null while the node is starting or does not answer. */
export const trayState = (info: SystemInfo | null, stopping: boolean): TrayState => {
  if (!info) return { shape: 'stopping', text: 'PSWebHost Cluster is starting', pause: null }
  const { nodeName, scheduler } = info
  if (stopping)
    return {
      shape: 'stopping',
      text: `${nodeName} is stopping: ${stillRun(scheduler.running)}`,
      pause: null,
    }
  const work = `${scheduler.running} of ${scheduler.capacity} slots in use`
  if (scheduler.lastError)
    return { shape: 'failing', text: `${nodeName}: the scheduler fails: ${scheduler.lastError}`, pause: null }
  if (scheduler.draining)
    return {
      shape: 'paused',
      text: `${nodeName} is paused: it starts nothing new, ${work}`,
      pause: { label: 'Resume this node', drain: false },
    }
  return {
    shape: 'working',
    text: `${nodeName}: ${work}, ${things(scheduler.queued, 'run')} waiting`,
    pause: { label: 'Pause this node', drain: true },
  }
}
