import { acquireControl, holderText } from '../api/control.ts'
import { createLocalRouter } from '../api/router.ts'
import { AppError } from '../../shared/domain/errors.ts'
import type { HeldKey } from '../services/keys/ring.ts'
import { writeBackup } from './backup.ts'
import { composeServices } from './compose-services.ts'
import { openCore } from './core.ts'
import { createHouse, type Inside } from './house.ts'
import { prepareCore, type Prepared, type PrepareOptions } from './prepare-core.ts'
import { createRestore } from './restore.ts'
import { createSwitchboard } from './switchboard.ts'

/**
 * Opens a data folder whose node is not running, for a command: same folder lock, same control socket, same use
 * cases; no engine and no HTTP. Nothing is registered and nothing runs.
 * @throws ConfigError (exit code 2); AppError CONFLICT or UNAVAILABLE (exit code 3).
 */
export const openOffline = async (options: PrepareOptions): Promise<{ close(): Promise<void> }> => {
  const prepared = await prepareCore({ ...options, logLevel: 'warn' })
  const { config, log, program, clock, events } = prepared
  const acquired = await acquireControl({
    path: config.dataDir.control,
    version: program.version,
    clock,
    log,
  })
  if (!acquired.held)
    throw new AppError('CONFLICT', `${config.dataDir.root} is in use by ${holderText(acquired.holder)}.`)
  const switchboard = createSwitchboard({ ...prepared, reason: 'The database is closed.' })
  const house = createHouse({
    open: (keys) => openInside(prepared, keys, restore),
    switchboard,
    events,
    graceMs: 0,
  })
  const restore = createRestore({ ...prepared, house: () => house })
  const close = async (): Promise<void> => {
    await house.close()
    await acquired.control.close()
    await log.close()
  }
  try {
    await house.enter()
  } catch (error) {
    await close()
    throw error
  }
  // The command asks through the socket it holds, like any other: one path for both.
  acquired.control.serve(createLocalRouter(switchboard.services), 'command')
  return { close }
}

const openInside = async (
  prepared: Prepared,
  keys: readonly HeldKey[] | null,
  restore: ReturnType<typeof createRestore>,
): Promise<Inside> => {
  const core = await openCore(await prepared.identify(), keys)
  const { services } = composeServices(core, {
    backup: (_caller, input) => writeBackup(core, input),
    restore: (_caller, input) => restore(input),
  })
  return { services, stop: () => Promise.resolve(), close: core.close }
}
