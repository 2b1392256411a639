import { useContext, useLayoutEffect, useRef } from 'react'
import { isField } from './field.ts'
import { isMac } from './is-mac.ts'
import { isSingle, nameOf } from './key-name.ts'
import { hears, keyScopeContext } from './key-scope.ts'
import { singleKeys } from './single-keys.ts'

/** Radios go on with the arrows. */
const isOwnArrow = (target: EventTarget | null, name: string): boolean =>
  target instanceof HTMLInputElement && target.type === 'radio' && name.startsWith('Arrow')

/** Of a field itself: its text is chosen whole. */
const CHOOSES_TEXT = 'Ctrl+a'

const actsInFields = (name: string): boolean =>
  (name.startsWith('Ctrl+') && name !== CHOOSES_TEXT) || (name.startsWith('Alt+') && !isMac())

/** What keys do, by name; undefined: nothing now. */
export type KeyActs = Record<string, ((event: KeyboardEvent) => void) | undefined>

/**
 * Keys of a view, by name: `n`, `/`, `Enter`, `Escape`, `Ctrl+s`, `Alt+ArrowLeft`. Plain keys never act while a field has the
 * focus (there `Escape` only leaves the field), nor on a control that uses the key itself. While a dialog is open
 * only those inside it act.
 */
export const useKeys = (keys: KeyActs): void => {
  const scope = useContext(keyScopeContext)
  const latest = useRef(keys)
  // With the picture, not after it: a key pressed at once does what is seen, not what was before.
  useLayoutEffect(() => {
    latest.current = keys
  })
  useLayoutEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (!hears(scope, event)) return
      const name = nameOf(event)
      const act = latest.current[name]
      if (isSingle(name) && !singleKeys.on()) return
      if (!act || event.defaultPrevented) return
      if (isOwnArrow(event.target, name)) return
      const inField = isField(event.target)
      if (inField && name === 'Escape') return (event.target as HTMLElement).blur()
      if (inField && !actsInFields(name)) return
      const onControl =
        event.target instanceof HTMLElement && event.target.closest('button, a, [role="option"]')
      if (onControl && name === 'Enter') return
      event.preventDefault()
      act(event)
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [scope])
}
