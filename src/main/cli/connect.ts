import { resolve } from 'node:path'
import { findHolder, holderText, type Holder } from '../api/control.ts'
import type { Clock } from '../platform/clock.ts'
import { createLocalClient, type LocalClient } from '../../shared/client/create-client.ts'
import { AppError } from '../../shared/domain/errors.ts'
import { createSocketLink } from './socket-link.ts'

/** A node to ask: the running one, or its services opened in this process. */
export interface Connection {
  client: LocalClient
  close(): Promise<void>
}

export interface ConnectDeps {
  /** The control socket of the data folder. */
  controlPath: string
  clock: Clock
  /** The file of `--config`: a node that runs has its own, and does not read another for one command. */
  configFile?: string | undefined
  /** Opens the data folder in this process: nobody else has it. */
  open(): Promise<Connection>
}

const START_TIMEOUT_MS = 30_000
const RETRY_MS = 100

/**
 * Talks to the node that runs on this data folder, or opens the folder when none does. One that is just starting
 * is waited for, and so is another command that has the folder for itself.
 * @throws AppError UNAVAILABLE naming who holds the folder without answering.
 */
export const connect = async (deps: ConnectDeps): Promise<Connection> => {
  const { controlPath, clock } = deps
  const giveUpAt = clock.monotonic() + START_TIMEOUT_MS
  let holder = await findHolder(controlPath)
  while ((holder?.state === 'starting' || holder?.state === 'command') && clock.monotonic() < giveUpAt) {
    await clock.sleep(RETRY_MS)
    holder = await findHolder(controlPath)
  }
  if (!holder) return deps.open()
  if (holder.state !== 'ready') throw held(holder)
  const socket = createSocketLink(controlPath)
  const client = createLocalClient(socket.link)
  try {
    await refuseOtherConfig(client, deps.configFile)
  } catch (error) {
    await socket.close()
    throw error
  }
  return { client, close: () => socket.close() }
}

const refuseOtherConfig = async (client: LocalClient, given: string | undefined): Promise<void> => {
  if (given === undefined) return
  const { file } = await client.settings.get({})
  if (resolve(given) === resolve(file)) return
  throw new HeldError('CONFLICT', `The node runs with ${file}; stop it to use --config ${given}.`)
}

/** Exit code 3, as for a start: the folder is locked by another process, which is named. */
class HeldError extends AppError {
  readonly exitCode = 3
}

const held = (holder: Holder): AppError =>
  new HeldError(
    'UNAVAILABLE',
    `The data folder is held by ${holderText(holder)}; try again or end that process.`,
  )
