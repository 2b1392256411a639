import { join } from 'node:path'
import { Menu, Tray } from 'electron'
import type { RunningNode } from '../app.ts'
import { localCaller } from '../api/auth.ts'
import type { SystemInfo } from '../../shared/domain/system.ts'
import { trayState, type TrayState } from './tray-state.ts'
import { watchState } from './watch-state.ts'

export interface NodeTray {
  /** From now on it says that the node stops. */
  stopping(): void
  close(): void
}

export interface TrayDeps {
  resourcesDir: string
  node: Promise<RunningNode>
  onOpen(): void
  onQuit(): void
}

/** The scheduler ticks every few seconds and says so; asking more often than this would show nothing more. */
const REFRESH_MS = 1_000

/** The node's state beside the clock, with its pause. Where a desktop has no tray, nothing is shown and nothing fails. */
export const createTray = (deps: TrayDeps): NodeTray => {
  const closed = new AbortController()
  let info: SystemInfo | null = null
  let stops = false
  let shown = ''
  const tray = new Tray(iconOf(deps.resourcesDir, 'stopping'))
  const show = (): void => {
    if (closed.signal.aborted) return
    const state = trayState(info, stops)
    // A menu that is exchanged while it is open closes under the pointer.
    if (shown === JSON.stringify(state)) return
    shown = JSON.stringify(state)
    tray.setImage(iconOf(deps.resourcesDir, state.shape))
    tray.setToolTip(state.text)
    tray.setContextMenu(menuOf(state, deps))
  }
  tray.on('click', deps.onOpen)
  show()
  void deps.node.then(
    ({ services }) =>
      watchState(services, { signal: closed.signal, refreshMs: REFRESH_MS }, (now) => {
        info = now
        show()
      }),
    () => undefined,
  )
  return {
    stopping: () => {
      stops = true
      show()
    },
    close: () => {
      closed.abort()
      tray.destroy()
    },
  }
}

const iconOf = (resourcesDir: string, shape: TrayState['shape']): string =>
  join(resourcesDir, 'icons', `tray-${shape}.png`)

const menuOf = ({ text, pause }: TrayState, deps: TrayDeps): Menu =>
  Menu.buildFromTemplate([
    { label: text, enabled: false },
    { type: 'separator' },
    { label: 'Open window', click: deps.onOpen },
    ...(pause ? [{ label: pause.label, click: () => void setDrain(deps.node, pause.drain) }] : []),
    { type: 'separator' },
    { label: 'Quit', click: deps.onQuit },
  ])

const setDrain = async (starting: Promise<RunningNode>, drain: boolean): Promise<void> => {
  const { services, log } = await starting
  const caller = localCaller('Manual')
  try {
    const { nodeId } = await services.system.info(caller)
    await services.nodes.drain(caller, nodeId, drain)
  } catch (error) {
    log.error({ error }, 'the node could not be paused or resumed from the tray')
  }
}
