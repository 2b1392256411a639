import { existsSync, readFileSync } from 'node:fs'
import Module from 'node:module'
import { dirname, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { app } from 'electron'

/*
 * What `electron FOLDER` runs first, for a runtime that came without it: reads Electron's own switches, then loads
 * the app of the folder. The import is awaited, so that `ready` waits for the app's top level (schemes must be
 * registered before it).
 */

const { preloads, folder } = readArguments(process.argv.slice(1))
if (preloads.length > 0) Module._preloadModules(preloads)
if (folder === null) {
  process.stderr.write('electron FOLDER: which app?\n')
  process.exit(1)
}
Object.defineProperty(process, 'defaultApp', { configurable: false, enumerable: true, value: true })
try {
  await load(resolve(folder))
} catch (error) {
  process.stderr.write(`The app in ${folder} could not be loaded\n${error?.stack ?? error}\n`)
  process.exit(1)
}

function readArguments(args) {
  const preloads = []
  for (let at = 0; at < args.length; at += 1) {
    const arg = args[at]
    if (arg === '--version' || arg === '-v') {
      process.stdout.write(`v${process.versions.electron}\n`)
      process.exit(0)
    }
    if (arg === '-r' || arg === '--require') {
      at += 1
      preloads.push(args[at])
    } else if (!arg.startsWith('-')) return { preloads, folder: arg }
  }
  return { preloads, folder: null }
}

async function load(path) {
  const manifest = join(path, 'package.json')
  const about = existsSync(manifest) ? JSON.parse(readFileSync(manifest, 'utf8')) : {}
  if (about.version) app.setVersion(about.version)
  if (about.productName ?? about.name) app.name = about.productName ?? about.name
  const main = Module._resolveFilename(path, null, true)
  app.setAppPath(existsSync(manifest) ? path : dirname(main))
  await import(pathToFileURL(main).href)
}
