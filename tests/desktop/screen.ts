import { spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Readable } from 'node:stream'
import { afterAll, beforeAll } from 'vitest'

/** A screen of its own for a suite's windows. @returns what is to be added to a program's environment */
export const useScreen = (): (() => NodeJS.ProcessEnv) => {
  let display: string | undefined
  let end = async (): Promise<void> => undefined
  // Windows and macOS have one screen, the person's.
  if (process.platform !== 'linux') return () => ({})
  beforeAll(async () => {
    const args = ['-displayfd', '3', '-screen', '0', '1920x1200x24', '-nolisten', 'tcp']
    const server = spawn('Xvfb', args, { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] })
    const [number] = (await once(server.stdio[3] as Readable, 'data')) as [Buffer]
    display = `:${number.toString().trim()}`
    end = async () => {
      const ended = once(server, 'exit')
      server.kill()
      await ended
    }
  })
  afterAll(() => end())
  return () => ({ DISPLAY: display, WAYLAND_DISPLAY: undefined })
}
