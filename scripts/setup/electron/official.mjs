import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { run } from '../child.mjs'
import { say, SetupError, since } from '../progress.mjs'
import { findNode } from '../runtime.mjs'

/* The runtime that the `electron` package names. Its own install script downloads and checks it. */

const STEP = 'electron'
const PROBE_MS = 8_000
const RELEASES = 'https://github.com/electron/electron/releases/download/'

const folder = (root) => join(root, 'node_modules', 'electron')

const versionOf = (root) => JSON.parse(readFileSync(join(folder(root), 'package.json'), 'utf8')).version

/** The official runtime if it is there whole, else undefined. */
export function installedOfficial(root) {
  try {
    const version = versionOf(root)
    const there = readFileSync(join(folder(root), 'dist', 'version'), 'utf8')
      .trim()
      .replace(/^v/, '')
    const name = readFileSync(join(folder(root), 'path.txt'), 'utf8').trim()
    const executable = join(folder(root), 'dist', name)
    return there === version && existsSync(executable) ? { executable, version, kind: 'official' } : undefined
  } catch {
    return undefined
  }
}

const viaProxy = () => process.env.HTTPS_PROXY ?? process.env.https_proxy

/** Whether the download site answers, within seconds: a network that drops packets would hold us for minutes. */
export async function isReachable(root) {
  // Node's fetch does not go through proxies, the download does.
  if (viaProxy()) return true
  const site = process.env.ELECTRON_MIRROR ?? process.env.npm_config_electron_mirror ?? RELEASES
  try {
    const url = `${site.replace(/\/*$/, '/')}v${versionOf(root)}/SHASUMS256.txt`
    const answer = await fetch(url, { method: 'HEAD', signal: AbortSignal.timeout(PROBE_MS) })
    return answer.ok
  } catch {
    return false
  }
}

/** @throws SetupError when the site answers and the download fails all the same. */
export async function downloadOfficial(root) {
  const startedAt = performance.now()
  say(STEP, 'downloading the runtime, about 120 MB')
  const env = { ...process.env, ...(viaProxy() && { ELECTRON_GET_USE_PROXY: '1' }) }
  const code = await run(findNode(root), [join(folder(root), 'install.js')], { cwd: root, env })
  const runtime = installedOfficial(root)
  if (code !== 0 || !runtime)
    throw new SetupError(
      `Electron could not be installed (code ${code}), see above. A window needs it; a headless node does not.`,
      'npm start -- --headless',
    )
  say(STEP, `downloaded in ${since(startedAt)}`)
  return runtime
}
