import { existsSync, mkdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { withLock } from '../lock.mjs'
import { say } from '../progress.mjs'

/*
 * Where Electron's own site cannot be reached: an older Electron for development and tests, never part of a release.
 * One for all clones of this user, in the user's cache folder.
 */

export const FALLBACK_VERSION = '33.2.1'
/** Goes up when the steps of make-fallback.mjs change: what an older recipe made is not taken for ours. */
const RECIPE = 1

const cacheFolder = () => join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'pswebhost-cluster')

const folder = () => join(cacheFolder(), `electron-${FALLBACK_VERSION}-linux-x64-${RECIPE}`)

/** Whether there is a fallback for this machine at all. */
export const isFallbackPossible = () => process.platform === 'linux' && process.arch === 'x64'

const runtime = () => ({
  executable: join(folder(), 'electron'),
  version: FALLBACK_VERSION,
  kind: 'fallback',
})

/** The fallback if it was made before, else undefined. */
export const installedFallback = () =>
  isFallbackPossible() && existsSync(join(folder(), 'version')) ? runtime() : undefined

/** Makes the fallback unless it is there. */
export async function ensureFallback(root) {
  if (installedFallback()) return runtime()
  mkdirSync(cacheFolder(), { recursive: true })
  const lock = join(cacheFolder(), '.electron.lock')
  await withLock(
    lock,
    async () => {
      if (installedFallback()) return
      // Loaded here: nothing else needs these packages.
      const { makeFallback } = await import('./make-fallback.mjs')
      await makeFallback(root, folder(), FALLBACK_VERSION)
    },
    (pid) => say('electron', `waiting for another set-up (process ${pid}); if there is none, delete ${lock}`),
  )
  return runtime()
}
