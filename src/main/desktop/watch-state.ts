import { localCaller } from '../api/auth.ts'
import type { SystemInfo } from '../../shared/domain/system.ts'
import type { Services } from '../services/services.ts'

export interface Watched {
  system: Pick<Services['system'], 'info'>
  events: Pick<Services['events'], 'subscribe'>
}

/**
 * Reads the node's state at each event, at most once in `refreshMs`, until `signal`. While nobody answers (a
 * restore exchanges the database, the node stops) the last state stays; the next event asks again.
 */
export const watchState = async (
  { system, events }: Watched,
  { signal, refreshMs }: { signal: AbortSignal; refreshMs: number },
  onInfo: (info: SystemInfo) => void,
): Promise<void> => {
  let timer: NodeJS.Timeout | null = null
  const read = (): void => {
    timer = null
    system.info(localCaller('Manual')).then(onInfo, () => undefined)
  }
  for await (const _ of events.subscribe(signal)) timer ??= setTimeout(read, refreshMs)
  if (timer) clearTimeout(timer)
}
