import { z } from 'zod'

/** What the desktop program of this machine may be told to do or not; by name. */
export const desktopSwitchName = z.enum(['tellOfFailures', 'startAtLogin'])
export type DesktopSwitchName = z.infer<typeof desktopSwitchName>

export const desktopSwitchSchema = z.object({ name: desktopSwitchName, isOn: z.boolean() })
export type DesktopSwitch = z.infer<typeof desktopSwitchSchema>

/** In the menu, the settings and the palette. */
export const DESKTOP_SWITCH_WORDS: Readonly<Record<DesktopSwitchName, { label: string; help: string }>> = {
  tellOfFailures: {
    label: 'Tell of failures',
    help: 'The desktop shows a notification when a task begins to fail on a node.',
  },
  startAtLogin: {
    label: 'Start at login',
    help: 'The program, and with it this node, starts when you sign in to this machine.',
  },
}
