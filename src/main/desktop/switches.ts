import type { DesktopSwitches } from '../services/desktop-switches.ts'
import type { LoginItem } from './login-item.ts'
import type { StateFile } from './window-state.ts'

export interface SwitchesDeps {
  state: Pick<StateFile, 'read' | 'change'>
  /** Null: a checkout that somebody tries must not start with the session. */
  login: LoginItem | null
}

export interface FollowedSwitches extends DesktopSwitches {
  /** Tells when one was changed, whoever did it. */
  follow(listener: () => void): void
}

/** Whether the person is told of failures, and whether the program starts when they sign in. */
export const createSwitches = ({ state, login }: SwitchesDeps): FollowedSwitches => {
  const listeners: (() => void)[] = []
  return {
    list: () => [
      { name: 'tellOfFailures', isOn: state.read().tellsFailures },
      ...(login ? [{ name: 'startAtLogin', isOn: login.isOn() } as const] : []),
    ],
    change: (name, isOn) => {
      if (name === 'tellOfFailures') void state.change({ tellsFailures: isOn })
      else login?.set(isOn)
      for (const listener of listeners) listener()
    },
    follow: (listener) => void listeners.push(listener),
  }
}
