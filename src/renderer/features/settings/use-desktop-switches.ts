import { useEffect, useSyncExternalStore } from 'react'
import {
  DESKTOP_SWITCH_WORDS,
  type DesktopSwitch,
  type DesktopSwitchName,
} from '../../../shared/domain/desktop.ts'
import { toastError } from '../../lib/toast.ts'
import { settingsContext } from './store.ts'

const NONE: readonly DesktopSwitch[] = []
const never = (): (() => void) => () => undefined

/** The switches of the program around this window, read anew by whoever shows them; none in a browser. */
export const useDesktopSwitches = () => {
  const { desktop } = settingsContext.useApi().getState()
  const switches = useSyncExternalStore(
    desktop?.subscribe ?? never,
    () => desktop?.getState().switches ?? NONE,
  )
  useEffect(() => {
    const load = (): void => {
      desktop
        ?.getState()
        .load()
        .catch((thrown: unknown) => toastError('The switches of the desktop could not be read', thrown))
    }
    load()
    // The menu or another window may have changed one meanwhile.
    window.addEventListener('focus', load)
    return () => window.removeEventListener('focus', load)
  }, [desktop])
  const change = (name: DesktopSwitchName, isOn: boolean): void => {
    desktop
      ?.getState()
      .change(name, isOn)
      .catch((thrown: unknown) => toastError(`${DESKTOP_SWITCH_WORDS[name].label} was not changed`, thrown))
  }
  return { switches, change }
}
