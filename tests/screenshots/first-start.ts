import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { startProgram } from './open-story.ts'

/** A node that was started for the first time, and what it offers. */
export interface FirstStart {
  /** The console, signed in. */
  address: string
  /** Its first view. */
  start: string
  close: () => Promise<void>
}

export const openFirstStart = async (home: string): Promise<FirstStart> => {
  await mkdir(home)
  const { url, stop } = await startProgram(home)
  const token = (await readFile(join(home, 'admin.token'), 'utf8')).trim()
  return { address: `${url}/#token=${token}`, start: `${url}/#/start`, close: stop }
}
