import {
  DESKTOP_SWITCH_WORDS,
  type DesktopSwitch,
  type DesktopSwitchName,
} from '../../shared/domain/desktop.ts'
import { AppError, messageOf } from '../../shared/domain/errors.ts'

/** What the program around this node may be told to do or not. */
export interface DesktopSwitches {
  /** Those that mean something here: a checkout that somebody tries does not start with the session. */
  list(): DesktopSwitch[]
  /** @throws what the system says when it cannot be done */
  change(name: DesktopSwitchName, isOn: boolean): void
}

export interface DesktopService {
  list(): Promise<DesktopSwitch[]>
  /** @returns all of them, as they are then. @throws AppError NOT_FOUND, CONFLICT */
  change(name: DesktopSwitchName, isOn: boolean): Promise<DesktopSwitch[]>
}

/** @param switches null: a node without a desktop, which has none */
export const createDesktopService = (switches: DesktopSwitches | null): DesktopService => {
  const list = (): DesktopSwitch[] => switches?.list() ?? []
  return {
    list: async () => list(),
    change: async (name, isOn) => {
      const { label } = DESKTOP_SWITCH_WORDS[name]
      if (!switches || !list().some((one) => one.name === name))
        throw new AppError(
          'NOT_FOUND',
          `There is no “${label}” here: only an installed desktop program has it.`,
        )
      try {
        switches.change(name, isOn)
      } catch (error) {
        throw new AppError('CONFLICT', `“${label}” stays as it was: ${messageOf(error)}`, { cause: error })
      }
      return list()
    },
  }
}
