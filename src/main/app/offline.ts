import { acquireControl, holderText } from '../api/control.ts'
import { createLocalRouter } from '../api/router.ts'
import { AppError } from '../../shared/domain/errors.ts'
import { writeBackup } from './backup.ts'
import { composeServices } from './compose-services.ts'
import { openCore, type Core } from './core.ts'
import { prepareCore, type PrepareOptions } from './prepare-core.ts'
import { createRestore } from './restore.ts'
import { createSwitchboard } from './switchboard.ts'

/**
 * Opens a data folder whose node is not running, for a command: same folder lock, same control socket, same use
 * cases; no engine and no HTTP. Nothing is registered and nothing runs.
 * @throws ConfigError (exit code 2); AppError CONFLICT or UNAVAILABLE (exit code 3).
 */
export const openOffline = async (options: PrepareOptions): Promise<{ close(): Promise<void> }> => {
  const prepared = await prepareCore({ ...options, logLevel: 'warn' })
  const { config, log, program, clock } = prepared
  const acquired = await acquireControl({
    path: config.dataDir.control,
    version: program.version,
    clock,
    log,
  })
  if (!acquired.held)
    throw new AppError('CONFLICT', `${config.dataDir.root} is in use by ${holderText(acquired.holder)}.`)
  const switchboard = createSwitchboard('The database is closed.')
  const core = await prepared.identify()
  let inside: Core | null = null
  const enter = async (): Promise<void> => {
    const opened = await openCore(core)
    inside = opened
    const composed = composeServices(opened, {
      backup: (_caller, input) => writeBackup(opened, input),
      restore: (_caller, input) => restore(input),
    })
    switchboard.connect(composed.services)
  }
  const leave = async (reason: string): Promise<void> => {
    switchboard.disconnect(reason)
    await inside?.close()
    inside = null
  }
  const restore = createRestore(core, {
    enter,
    leave,
    importKey: async (bundle, passphrase) => void (await inside?.keys.importFromBackup(bundle, passphrase)),
  })
  const close = async (): Promise<void> => {
    await leave('The command has ended.')
    await acquired.control.close()
    await log.close()
  }
  try {
    await enter()
  } catch (error) {
    await close()
    throw error
  }
  // The command asks through the socket it holds, like any other: one path for both.
  acquired.control.serve(createLocalRouter(switchboard.services), 'command')
  return { close }
}
