import { spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Readable } from 'node:stream'

/** A screen that nobody sees, so that windows of tests and benchmarks are in nobody's way. */
export interface Screen {
  /** What a program's environment needs besides to open its windows there. */
  env: Record<string, string>
  close(): Promise<void>
}

export const openScreen = async (): Promise<Screen> => {
  // Windows and macOS have one screen, the person's.
  if (process.platform !== 'linux') return { env: {}, close: async () => undefined }
  const args = ['-displayfd', '3', '-screen', '0', '1920x1200x24', '-nolisten', 'tcp']
  const server = spawn('Xvfb', args, { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] })
  // Opened as the fourth of the streams above.
  const [number] = (await once(server.stdio[3] as Readable, 'data')) as [Buffer]
  return {
    env: { DISPLAY: `:${number.toString().trim()}`, WAYLAND_DISPLAY: '' },
    close: async () => {
      const ended = once(server, 'exit')
      server.kill()
      await ended
    },
  }
}
