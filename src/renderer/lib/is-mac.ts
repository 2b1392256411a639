/** Where Cmd is what Ctrl is elsewhere, and Alt moves by words. */
export const isMac = (): boolean => navigator.platform.startsWith('Mac')
