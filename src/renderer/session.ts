/** The token of this tab: taken from the address once, kept in the tab's storage, gone with the tab. */

const KEY = 'pswebhost-token'

/**
 * A `#token=…` in the address is taken, kept, and removed from the address bar and its history entry, so
 * that it is in no bookmark, no shared link and no screenshot.
 */
export const takeToken = (window: Window): string | null => {
  const match = /^#\/?(?:.*[?&])?token=([^&]+)/.exec(window.location.hash)
  if (match?.[1]) {
    window.sessionStorage.setItem(KEY, decodeURIComponent(match[1]))
    window.history.replaceState(null, '', `${window.location.pathname}${window.location.search}#/tasks`)
  }
  return window.sessionStorage.getItem(KEY)
}

export const keepToken = (window: Window, token: string): void => window.sessionStorage.setItem(KEY, token)

/** With it goes whatever else the tab remembers: the next token may be somebody else's. */
export const dropToken = (window: Window): void => window.sessionStorage.clear()
