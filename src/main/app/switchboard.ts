import { AppError } from '../../shared/domain/errors.ts'
import type { Services } from '../services/services.ts'

/** The services of a node whose inside may be exchanged (restore): callers hold this, not the inside. */
export interface Switchboard {
  services: Services
  connect(services: Services): void
  /** Until `connect` is called again every call fails with UNAVAILABLE and this reason. */
  disconnect(reason: string): void
}

type Area = keyof Services
type Method = (...args: unknown[]) => unknown

const AREAS: readonly Area[] = [
  'tasks',
  'schedules',
  'runs',
  'changes',
  'nodes',
  'runtime',
  'import',
  'samples',
  'tokens',
  'events',
  'system',
]

/** Each call looks its service up anew, so that whoever kept one across a restore asks the new one. */
export const createSwitchboard = (reason: string): Switchboard => {
  let current: Services | null = null
  let absence = reason
  const live = (area: Area): Record<string, Method> => {
    if (!current) throw new AppError('UNAVAILABLE', absence)
    // Every member of every service is a function (services.ts).
    return current[area] as unknown as Record<string, Method>
  }
  const line = (area: Area): object =>
    new Proxy(
      {},
      {
        get:
          (_target, name) =>
          (...args: unknown[]) =>
            live(area)[String(name)]?.(...args),
      },
    )
  return {
    services: Object.fromEntries(AREAS.map((area) => [area, line(area)])) as unknown as Services,
    connect: (services) => (current = services),
    disconnect: (why) => {
      current = null
      absence = why
    },
  }
}
