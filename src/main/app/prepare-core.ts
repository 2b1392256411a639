import type { Environment } from '../config/environment.ts'
import { loadConfig, type Config, type LoadOptions } from '../config/load.ts'
import { openSettingsFile } from '../config/settings-file.ts'
import { systemClock, type Clock } from '../platform/clock.ts'
import { createLog, type LogLevel, type RootLog } from '../platform/log.ts'
import { startIdentity } from '../platform/node-identity.ts'
import type { DesktopSwitches } from '../services/desktop-switches.ts'
import { announceChanges, createEventBus, type EventBus } from '../services/events.ts'
import type { CoreOptions } from './core.ts'
import { NO_ISOLATION } from './isolation.ts'
import type { Program } from './program.ts'

/** What comes before a database is opened: configuration and log of a data folder, then, under its lock, identity. */

export interface PrepareOptions extends Omit<LoadOptions, 'variables'> {
  environment: Environment
  program: Program
  clock?: Clock
  logLevel?: LogLevel
  /** Started with a window in front of it, whose program has these. */
  desktop?: DesktopSwitches
  /** Opening brings the schema of a server database up to this program's. */
  migrate?: boolean
}

export interface Prepared {
  config: Config
  log: RootLog
  insecure: boolean
  /** The environment the program was started with. */
  hostEnvironment: Environment['variables']
  program: Program
  clock: Clock
  events: EventBus
  /** Who this start of the inside is: a new incarnation each time, so only for whoever holds the folder. */
  identify(): Promise<CoreOptions>
}

/** Touches nothing that a running node of the folder has. @throws ConfigError */
export const prepareCore = async (options: PrepareOptions): Promise<Prepared> => {
  const { environment, program, clock = systemClock } = options
  const { config, nodeKey, secrets, warnings, givesCapacity } = await loadConfig({
    ...options,
    variables: environment.variables,
  })
  const insecure = options.cliOverrides?.insecure === true
  const settingsFile = await openSettingsFile({
    ...{ file: config.file, root: config.dataDir.root, nodeKey, insecure },
    variables: environment.variables,
  })
  const log = createLog({
    dir: config.dataDir.logs,
    redact: secrets,
    clock,
    ...(options.logLevel ? { level: options.logLevel } : {}),
  })
  for (const warning of warnings) log.warn(warning)
  const events = createEventBus(clock)
  announceChanges(events)
  return {
    config,
    log,
    program,
    clock,
    events,
    insecure,
    hostEnvironment: environment.variables,
    identify: async () => {
      const identity = await startIdentity(config.dataDir.nodeFile, config.node.nodeId)
      const parts = { config, settingsFile, nodeKey, program, clock, log, events }
      return {
        ...parts,
        identity,
        ...NO_ISOLATION,
        api: null,
        hostEnvironment: environment.variables,
        joinsAsDesk: options.desktop !== undefined && !givesCapacity,
        desktop: options.desktop ?? null,
        migrate: options.migrate === true,
      }
    },
  }
}
