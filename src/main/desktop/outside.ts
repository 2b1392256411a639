import { shell } from 'electron'

/** Whether a link may be handed to the browser: pages of this node (API documentation, console), nothing else. */
export const mayOpenOutside = (address: string, nodeUrl: string | null): boolean =>
  nodeUrl !== null && URL.canParse(address) && new URL(address).origin === new URL(nodeUrl).origin

/** Opens what may be opened in the person's browser; the only place that calls `openExternal`. */
export const createOutside =
  (nodeUrl: () => string | null) =>
  (address: string): void => {
    if (mayOpenOutside(address, nodeUrl())) void shell.openExternal(address)
  }
