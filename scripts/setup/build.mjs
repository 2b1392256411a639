import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { run } from './child.mjs'
import { withLock } from './lock.mjs'
import { isEntry, ROOT } from './paths.mjs'
import { orExplain, say, SetupError, since } from './progress.mjs'
import { findNode } from './runtime.mjs'
import { readStamp, removeStamp, writeStamp } from './stamp.mjs'

const STEP = 'build'
const INPUT_FOLDERS = ['src', 'resources']
const INPUT_FILES = [
  'electron.vite.config.ts',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  'tsconfig.base.json',
  'tsconfig.node.json',
  'tsconfig.web.json',
]
/** What a headless start needs; someone may have emptied `out/` by hand. */
const OUTPUTS = ['out/main/headless.js', 'out/renderer/index.html']

/** Builds main, preload and renderer into `out/` unless they are built from these very sources. */
export async function ensureBuild(root = ROOT) {
  const stamp = join(root, 'out', '.build')
  if (isFresh(root, stamp, fingerprint(root))) return say(STEP, 'up to date')
  const lock = join(root, 'out', '.build.lock')
  await withLock(
    lock,
    async ({ guard }) => {
      // Read again: the other set-up took its time, and the sources may have changed since.
      const wanted = fingerprint(root)
      if (isFresh(root, stamp, wanted)) return say(STEP, 'built by another set-up')
      removeStamp(stamp)
      await build(root, guard)
      writeStamp(stamp, wanted)
    },
    (pid) => say(STEP, `waiting for another build (process ${pid}); if there is none, delete ${lock}`),
  )
}

const isFresh = (root, stamp, wanted) =>
  readStamp(stamp) === wanted && OUTPUTS.every((file) => existsSync(join(root, file)))

/** Contents, not times: a checkout touches files that it does not change, and a copy keeps old times. */
function fingerprint(root) {
  const hash = createHash('sha256')
  for (const file of [...INPUT_FILES, ...INPUT_FOLDERS.flatMap((folder) => filesBelow(root, folder))]) {
    const path = join(root, file)
    if (existsSync(path)) hash.update(`${file}\0`).update(readFileSync(path)).update('\0')
  }
  return hash.digest('hex')
}

/** Files below a folder, relative to `root`, in one order on every system. */
function filesBelow(root, folder) {
  if (!existsSync(join(root, folder))) return []
  const entries = readdirSync(join(root, folder), { withFileTypes: true })
  return entries
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = `${folder}/${entry.name}`
      if (entry.isDirectory()) return filesBelow(root, path)
      return entry.isFile() ? [path] : []
    })
}

async function build(root, guard) {
  const startedAt = performance.now()
  say(STEP, 'building, some seconds')
  const cli = join(root, 'node_modules', 'electron-vite', 'bin', 'electron-vite.js')
  const code = await run(findNode(root), [cli, 'build', '--logLevel', 'warn'], { cwd: root, onStart: guard })
  if (code !== 0) throw new SetupError(`The build failed with code ${code}, see above.`, 'npm run build')
  const missing = OUTPUTS.filter((file) => !existsSync(join(root, file)))
  if (missing.length > 0) throw new SetupError(`The build left out ${missing.join(', ')}.`, 'npm run build')
  say(STEP, `built in ${since(startedAt)}`)
}

if (isEntry(import.meta.url)) await orExplain(() => ensureBuild())
