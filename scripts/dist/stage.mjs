import { cp, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { writeNotices } from './notices.mjs'

/*
 * The folders that a package is made from: `app`, what stands in Electron's archive or beside it, and `resources`,
 * what lies next to that.
 */

/** Lays out both below `work`. @returns {Promise<{ app: string, resources: string[] }>} the entries of `resources` */
export async function stage({ root, work, product, nodePath, platform, arch }) {
  const app = join(work, 'app')
  await stageApp({ root, app, product, platform, arch })
  const resources = join(work, 'resources')
  const isWindows = platform === 'win32'
  const command = isWindows ? 'pswebhost-node.cmd' : 'pswebhost-node'
  await copy(nodePath, join(resources, 'node', isWindows ? 'node.exe' : 'node'))
  await copy(join(root, 'packaging', command), join(resources, 'bin', command))
  const own = await stageOwn(root, resources, platform)
  await writeNotices(root, join(resources, 'licenses'))
  return { app, resources: ['node', 'bin', 'licenses', ...own].map((name) => join(resources, name)) }
}

/** The parts of the build; what else lies in `out/` was left by starts of it. */
const BUILT = ['main', 'preload', 'renderer']

/** Source maps are for developers; the lists of licences become one text. */
const isShipped = (path) => !path.endsWith('.map') && !path.endsWith('licenses.json')

async function stageApp({ root, app, product, platform, arch }) {
  for (const part of BUILT) await copy(join(root, 'out', part), join(app, 'out', part), isShipped)
  await copy(join(root, 'resources'), join(app, 'resources'))
  await stageDatabaseDriver({ root, app, platform, arch })
  const { title, version, description } = product
  const manifest = { name: product.executable, productName: title, version, description }
  // The entry of the Linux menu, which Electron looks for by the title otherwise: links would not be ours.
  const desktopName = `${product.name}.desktop`
  const entry = { type: 'module', main: 'out/main/index.js' }
  await writeJson(join(app, 'package.json'), { ...manifest, desktopName, ...entry })
  // Plain Node cannot look into the archive for what kind of modules these are.
  await writeJson(join(app, 'out', 'main', 'package.json'), { type: 'module' })
}

/** The one package that is not bundled: it finds its binary beside its own sources. */
async function stageDatabaseDriver({ root, app, platform, arch }) {
  const from = join(root, 'node_modules', 'better-sqlite3')
  const to = join(app, 'node_modules', 'better-sqlite3')
  for (const name of ['package.json', 'LICENSE', 'lib']) await copy(join(from, name), join(to, name))
  const binary = join('prebuilds', `${platform}-${arch}.node`)
  await copy(join(from, binary), join(to, binary))
}

/** What the installer or an administrator takes from the installed program. */
async function stageOwn(root, resources, platform) {
  if (platform === 'win32')
    for (const name of ['service.xml', 'search-path.ps1'])
      await copy(join(root, 'packaging', 'windows', name), join(resources, 'windows', name))
  if (platform === 'darwin') {
    const name = 'net.pswebhost.node.plist'
    await copy(join(root, 'packaging', 'macos', name), join(resources, 'macos', name))
  }
  return { win32: ['windows'], darwin: ['macos'] }[platform] ?? []
}

const copy = (from, to, filter = () => true) =>
  cp(from, to, { recursive: true, dereference: true, filter: (source) => filter(source) })

async function writeJson(file, value) {
  await mkdir(join(file, '..'), { recursive: true })
  await writeFile(file, `${JSON.stringify(value, null, 2)}\n`)
}
