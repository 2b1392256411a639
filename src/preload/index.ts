import { ipcRenderer } from 'electron'

/*
 * One narrow door: the page makes a MessageChannel and posts one end to itself under this name; it goes to
 * the main process, which checks the sender and serves the contract on it. No procedure is known here.
 */
const PORT = 'cluster:port'

/** The part of the page that is used here. This file is compiled with Node's types, without the DOM. */
declare const window: {
  addEventListener(
    type: 'message',
    listener: (event: { source: unknown; data: unknown; ports: readonly object[] }) => void,
  ): void
}

window.addEventListener('message', (event) => {
  if (event.source === window && event.data === PORT) ipcRenderer.postMessage(PORT, null, [...event.ports])
})
