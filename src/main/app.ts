import { localCaller } from './api/auth.ts'
import { acquireControl, holderText, type Control } from './api/control.ts'
import { createPortHandler, type Port } from './api/message-port.ts'
import { createLocalRouter } from './api/router.ts'
import { serveApi, type ServedApi } from './app/api-face.ts'
import { openIsolation, type NodeIsolation } from './app/isolation.ts'
import { prepareCore, type Prepared, type PrepareOptions } from './app/prepare-core.ts'
import { openInside } from './app/node-inside.ts'
import { createHouse, type Inside } from './app/house.ts'
import { createRestore } from './app/restore.ts'
import { createSwitchboard } from './app/switchboard.ts'
import { writeBackup } from './app/backup.ts'
import { AppError } from '../shared/domain/errors.ts'
import type { RootLog } from './platform/log.ts'
import type { HeldKey } from './services/keys/ring.ts'
import type { Services } from './services/services.ts'

/** The composition root: configuration → folder lock → database → services → engine → API. */

export interface RunningNode {
  /** Where the console and the API answer. */
  url: string
  services: Services
  log: RootLog
  /** Answers a window of this machine: everything, with local-admin rights. The port is its own to close. */
  servePort(port: Port): void
  /** Stops claiming, lets scripts end within the configured grace, then closes everything. Idempotent. */
  close(): Promise<void>
  /** Ends the grace of a close that is going on. */
  hurry(): void
}

const SECOND = 1000

/**
 * Starts a node on a data folder; resolves once its API answers and its loops tick.
 * @throws ConfigError (exit code 2); AppError CONFLICT or UNAVAILABLE (exit code 3).
 */
export const startNode = async (options: PrepareOptions): Promise<RunningNode> => {
  const prepared = await prepareCore(options)
  const { log } = prepared
  const control = await holdFolder(prepared)
  const opened: (() => Promise<void>)[] = [() => log.close(), () => control.close()]
  const closeAll = async (): Promise<void> => {
    for (const close of opened.reverse())
      // What does not close must not keep the rest open.
      await close().catch((error: unknown) => log.error({ error }, 'a part of the node did not close'))
  }
  let closing: Promise<void> | null = null
  const close = (): Promise<void> => (closing ??= closeAll())
  try {
    const { url, switchboard, house, router } = await open(prepared, control, opened)
    const answer = createPortHandler(router, log)
    return {
      url,
      services: switchboard.services,
      log,
      servePort: (port) => answer(port, localCaller('Manual')),
      close,
      hurry: house.hurry,
    }
  } catch (error) {
    await close()
    throw error
  }
}

const open = async (prepared: Prepared, control: Control, opened: (() => Promise<void>)[]) => {
  const { config, events } = prepared
  const switchboard = createSwitchboard({
    ...prepared,
    reason: 'The node is starting; try again in a moment.',
  })
  // Before anything answers: what app.yaml asks for may not be to be had.
  const isolation = await openIsolation(config, prepared.hostEnvironment)
  const api = await serveApi(prepared, switchboard.services)
  opened.push(() => api.close())
  const graceMs = config.execution.shutdownGraceSeconds * SECOND
  const open = (keys: readonly HeldKey[] | null): Promise<Inside> =>
    openNode({ prepared, control, api, isolation, keys, restore })
  const house = createHouse({ open, switchboard, events, graceMs })
  const restore = createRestore({ ...prepared, house: () => house })
  opened.push(() => house.close())
  await house.enter()
  const router = createLocalRouter(switchboard.services)
  control.serve(router)
  return { url: api.http.url, switchboard, house, router }
}

const openNode = async (options: {
  prepared: Prepared
  control: Control
  api: ServedApi
  isolation: NodeIsolation
  keys: readonly HeldKey[] | null
  restore: ReturnType<typeof createRestore>
}): Promise<Inside> => {
  const { prepared, control, api, isolation, keys, restore } = options
  const { url, port } = api.http
  const inside = await openInside({
    core: { ...(await prepared.identify()), ...isolation, api: api.face },
    port,
    keys,
    actions: (core) => ({
      backup: (_caller, input) => writeBackup(core, input),
      restore: (_caller, input) => restore(input),
    }),
  })
  const { nodeId, nodeName } = inside.core.self
  control.announce({ nodeId, nodeName, url })
  const certificate = api.face.tls ? ` (certificate ${api.face.tls.fingerprint})` : ''
  prepared.log.info(`${nodeName} is ready at ${url}${certificate}`)
  return inside
}

/** @throws AppError CONFLICT naming the node that holds the folder. */
const holdFolder = async ({ config, log, program, clock }: Prepared): Promise<Control> => {
  const { dataDir } = config
  const acquired = await acquireControl({ path: dataDir.control, version: program.version, clock, log })
  if (acquired.held) return acquired.control
  await log.close()
  throw new AppError('CONFLICT', `${dataDir.root} is in use by ${holderText(acquired.holder)}.`)
}
