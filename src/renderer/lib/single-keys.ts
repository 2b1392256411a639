import { keptSwitch } from './kept-switch.ts'

/** Whether keys of one character act: some people's tools type characters of their own. Kept for this window. */
export const singleKeys = keptSwitch('pswebhost-single-keys')

/** The words of the switch, wherever it stands. */
export const SINGLE_KEYS = {
  label: 'Single-character keys',
  description: 'Off, only the arrows, Enter, Escape and keys with Ctrl or Alt act. Kept for this window.',
}
