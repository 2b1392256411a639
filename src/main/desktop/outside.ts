import { shell } from 'electron'
import { mayOpenOutside } from './page-address.ts'

/** Opens what may be opened in the person's browser; the only place that calls `openExternal`. */
export const createOutside =
  (nodeUrl: () => string | null) =>
  (address: string): void => {
    if (mayOpenOutside(address, nodeUrl())) void shell.openExternal(address)
  }
