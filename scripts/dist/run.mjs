import { stat } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { installedElectron } from '../setup/electron.mjs'
import { ROOT } from '../setup/paths.mjs'
import { orExplain, say, since } from '../setup/progress.mjs'
import { makeArchive } from './linux/archive.mjs'
import { makeDeb } from './linux/deb.mjs'
import { makeMacosPackage } from './macos/package.mjs'
import { shippedNode } from './node-runtime.mjs'
import { productOf, readManifest } from './product.mjs'
import { makeProgram } from './program.mjs'
import { stage } from './stage.mjs'
import { makeWindowsInstaller } from './windows/installer.mjs'
import { withWorkFolder } from './work-folder.mjs'

/* Makes what people of this platform install, in `dist/`. `npm run dist` has seen to build, runtime and tools. */

const STEP = 'dist'
const OUT = join(ROOT, 'dist')
const MEGABYTE = 1_000_000

/** What is made of the program's folder, by platform, in turn. */
const INSTALLERS = {
  linux: { 'Debian package': makeDeb, 'portable archive': makeArchive },
  win32: { installer: makeWindowsInstaller },
  darwin: { installer: makeMacosPackage },
}

async function make(work) {
  const { platform, arch } = process
  const runtime = installedElectron(ROOT)
  const product = productOf(readManifest(ROOT), runtime.kind)
  if (product.isDevelopment)
    say(STEP, `Electron ${runtime.version} gets no security updates: this is ${product.name}, no release`)
  const context = { root: ROOT, work, out: OUT, product, runtime, platform, arch }
  const program = await timed('program', async () => {
    const staged = await stage({ ...context, nodePath: shippedNode(ROOT) })
    return makeProgram({ ...context, staged })
  })
  for (const [name, makeOne] of Object.entries(INSTALLERS[platform] ?? {}))
    await timed(name, () => makeOne({ ...context, program }))
}

/** Says what was made, how large it is and how long it took. */
async function timed(name, work) {
  const startedAt = performance.now()
  const path = await work()
  const info = await stat(path)
  const size = info.isFile() ? `, ${Math.round(info.size / MEGABYTE)} MB` : ''
  say(STEP, `${name}: ${relative(ROOT, path)}${size} in ${since(startedAt)}`)
  return path
}

const startedAt = performance.now()
await orExplain(() => withWorkFolder(OUT, make))
say(STEP, `done in ${since(startedAt)}`)
