/** As much of an event as names a key. */
interface Pressed {
  key: string
  altKey: boolean
  ctrlKey: boolean
  metaKey: boolean
  getModifierState: (name: string) => boolean
}

/**
 * A key by its name. Some layouts have signs behind Alt, as Option+5 is `[` on a German Mac, or behind AltGr, which
 * Windows tells as Alt with Ctrl: there these belong to the sign.
 */
export const nameOf = (event: Pressed): string => {
  const isSign = event.key.length === 1 && !/[\p{L}\d]/u.test(event.key)
  const isAltGr = isSign && event.getModifierState('AltGraph')
  const alt = event.altKey && !isSign ? 'Alt+' : ''
  const ctrl = (event.ctrlKey && !isAltGr) || event.metaKey ? 'Ctrl+' : ''
  return `${alt}${ctrl}${event.key.length === 1 ? event.key.toLowerCase() : event.key}`
}

/** One character, be it a letter, a digit or a sign. */
export const isSingle = (name: string): boolean => [...name].length === 1
