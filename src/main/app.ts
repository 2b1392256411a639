import { createHttpServer, type HttpServer } from './api/http.ts'
import { acquireControl, holderText, type Control } from './api/control.ts'
import { createLocalRouter } from './api/router.ts'
import { prepareCore, type Prepared, type PrepareOptions } from './app/prepare-core.ts'
import { openInside, type NodeInside } from './app/node-inside.ts'
import { createRestore } from './app/restore.ts'
import { createSwitchboard, type Switchboard } from './app/switchboard.ts'
import { writeBackup } from './app/backup.ts'
import type { CoreOptions } from './app/core.ts'
import { AppError } from '../shared/domain/errors.ts'
import type { Services } from './services/services.ts'

/** The composition root: configuration → folder lock → database → services → engine → API. */

export interface RunningNode {
  /** Where the console and the API answer. */
  url: string
  services: Services
  /** Stops claiming, lets scripts end within the configured grace, then closes everything. Idempotent. */
  close(): Promise<void>
}

const SECOND = 1000

/**
 * Starts a node on a data folder; resolves once its API answers and its loops tick.
 * @throws ConfigError (exit code 2); AppError CONFLICT or UNAVAILABLE (exit code 3).
 */
export const startNode = async (options: PrepareOptions): Promise<RunningNode> => {
  const prepared = await prepareCore(options)
  const control = await holdFolder(prepared)
  const opened: (() => Promise<void>)[] = [() => prepared.log.close(), () => control.close()]
  const closeAll = async (): Promise<void> => {
    for (const close of opened.splice(0).reverse()) await close()
  }
  try {
    return await open(prepared, control, opened, closeAll)
  } catch (error) {
    await closeAll()
    throw error
  }
}

const open = async (
  prepared: Prepared,
  control: Control,
  opened: (() => Promise<void>)[],
  closeAll: () => Promise<void>,
): Promise<RunningNode> => {
  const { config, log } = prepared
  const switchboard = createSwitchboard('The node is starting; try again in a moment.')
  const http = await serveHttp(prepared, switchboard)
  opened.push(() => http.close())
  const graceMs = config.execution.shutdownGraceSeconds * SECOND
  const core = await prepared.identify()
  const inside = createHouse(core, http, switchboard, graceMs)
  await inside.enter()
  opened.push(() => inside.leave('The node is stopping.'))
  control.announce({ nodeId: core.identity.nodeId, nodeName: inside.nodeName(), url: http.url })
  control.serve(createLocalRouter(switchboard.services))
  log.info(`${inside.nodeName()} is ready at ${http.url}`)
  return { url: http.url, services: switchboard.services, close: closeAll }
}

/** @throws AppError CONFLICT naming the node that holds the folder. */
const holdFolder = async ({ config, log, program, clock }: Prepared): Promise<Control> => {
  const { dataDir } = config
  const acquired = await acquireControl({ path: dataDir.control, version: program.version, clock, log })
  if (acquired.held) return acquired.control
  await log.close()
  throw new AppError('CONFLICT', `${dataDir.root} is in use by ${holderText(acquired.holder)}.`)
}

const serveHttp = (
  { config, log, program, clock, insecure }: Prepared,
  { services }: Switchboard,
): Promise<HttpServer> =>
  createHttpServer({
    services,
    config: { host: config.api.host, port: config.api.port, insecure },
    consoleDir: program.consoleDir,
    log,
    version: program.version,
    clock,
  })

/** The inside of the node and its exchange: a restore leaves one, puts another database in, and enters again. */
const createHouse = (options: CoreOptions, http: HttpServer, switchboard: Switchboard, graceMs: number) => {
  let inside: NodeInside | null = null
  const port = Number(new URL(http.url).port)
  const enter = async (): Promise<void> => {
    const entered = await openInside(options, port, (core) => ({
      backup: (_caller, input) => writeBackup(core, input),
      restore: (_caller, input) => restore(input),
    }))
    inside = entered
    switchboard.connect(entered.services)
  }
  const leave = async (reason: string): Promise<void> => {
    const left = inside
    inside = null
    // Whoever watches a run may see its end: calls are answered until the scripts are done.
    await left?.close(graceMs, new AbortController().signal)
    switchboard.disconnect(reason)
  }
  const restore = createRestore(options, {
    enter,
    leave,
    importKey: async (bundle, passphrase) =>
      void (await inside?.core.keys.importFromBackup(bundle, passphrase)),
  })
  return { enter, leave, nodeName: () => inside?.core.self.node().nodeName ?? options.config.node.nodeName }
}
