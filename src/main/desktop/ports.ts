import { ipcMain, type IpcMainEvent } from 'electron'
import type { RunningNode } from '../app.ts'
import { APP_ORIGIN } from './page-address.ts'

/** The preload's one message: a page hands over an end of its channel. */
const PORT = 'cluster:port'

/** Only the page of our own origin, in the top frame: an embedded or foreign one gets no answer. */
const isOurPage = ({ senderFrame }: IpcMainEvent): boolean =>
  senderFrame !== null && senderFrame.parent === null && senderFrame.origin === APP_ORIGIN

/**
 * Serves the node to its window. A page that is there before the node is waits for it; a port of anyone else is
 * closed, and `onRefused` is told who it was.
 */
export const servePorts = (node: Promise<RunningNode>, onRefused: (origin: string) => void): void => {
  ipcMain.on(PORT, (event) => {
    const [port] = event.ports
    if (!port) return
    if (!isOurPage(event)) {
      port.close()
      onRefused(event.senderFrame?.origin ?? 'a frame that is gone')
      return
    }
    node.then(
      ({ servePort }) => {
        servePort(port)
        port.start()
      },
      // Why the node did not start is said elsewhere; the page must not wait for ever.
      () => port.close(),
    )
  })
}
