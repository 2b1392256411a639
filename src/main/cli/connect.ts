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
  return { client: createLocalClient(socket.link), close: () => socket.close() }
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
