import * as nodeModule from 'node:module'
import { join } from 'node:path'
import { app } from 'electron'
import packageJson from '../../package.json' with { type: 'json' }
import { registerAppScheme } from './desktop/app-scheme.ts'

/* The desktop face: the node in Electron's main process, and the window that looks at it. */

// Not in the older Node of the development runtime.
if ('enableCompileCache' in nodeModule)
  nodeModule.enableCompileCache(join(import.meta.dirname, '..', 'compile-cache'))

// Before Electron is ready, or pages of the scheme have no origin, no storage and no modules.
registerAppScheme()

// Loaded after these, or there would be nothing to gain.
const { runDesktop } = await import('./desktop/run.ts')
// Not awaited: Electron gets ready only when this file is done.
void runDesktop({ builtMain: import.meta.dirname, version: packageJson.version }).then((code) => {
  if (code !== null) app.exit(code)
})
