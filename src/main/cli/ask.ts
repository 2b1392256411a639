import { openOffline } from '../app/offline.ts'
import { asStartError } from '../app/start-error.ts'
import { controlPath } from '../config/data-dir.ts'
import type { Environment } from '../config/environment.ts'
import { systemClock } from '../platform/clock.ts'
import { createLocalClient } from '../../shared/client/create-client.ts'
import type { Command, CommonOptions } from './commands.ts'
import { connect } from './connect.ts'
import type { Place } from './place.ts'
import { runCommand } from './run-command.ts'
import { createSocketLink } from './socket-link.ts'
import { createTerminal } from './terminal.ts'

/** Runs a command against the node of a data folder, running or not. @returns the exit code */
export const ask = (
  command: Command,
  options: CommonOptions,
  place: Place,
  environment: Environment,
): Promise<number> => {
  const path = controlPath(place.dataDir)
  const open = async () => {
    // A server database that is too old for this program opens for nothing else.
    const offline = await openOffline({ ...place, migrate: command.name === 'migrate' }).catch(
      (error: unknown) => {
        throw asStartError(error)
      },
    )
    const socket = createSocketLink(controlPath(place.dataDir))
    const close = async (): Promise<void> => {
      await socket.close()
      await offline.close()
    }
    return { client: createLocalClient(socket.link), close }
  }
  return runCommand(command, {
    connect: () => connect({ controlPath: path, clock: systemClock, open, configFile: place.configFile }),
    terminal: createTerminal(process),
    json: options.json,
    workingDir: process.cwd(),
    passphrase: environment.passphrase,
    variables: environment.variables,
  })
}
