import { join } from 'node:path'

const ROOT = join(import.meta.dirname, '..', '..')

/** How the built program is started in a window, on a data folder, for tests and benchmarks. */
export const windowArgs = (dir: string): string[] => {
  // The runtime's sandbox refuses to be started by root.
  const asRoot = process.platform === 'linux' && process.getuid?.() === 0
  return [...(asRoot ? ['--no-sandbox'] : []), '--ozone-platform=x11', ROOT, '--data', dir, '--port', '0']
}

/** The environment of such a program: this process's, the screen's, and the Node for scripts. */
export const windowEnvironment = (screen: Record<string, string>): Record<string, string> => {
  const given = { ...process.env, ...screen, PSWEBHOST_NODE: process.execPath }
  return Object.fromEntries(
    Object.entries(given).filter((one): one is [string, string] => one[1] !== undefined),
  )
}

/** Where the API of a node answers, told by its log: a window prints no ready line. */
export const urlInLog = (log: string): string =>
  [...log.matchAll(/is ready at (http:[^"\s]+)/g)].at(-1)?.[1] ?? ''
