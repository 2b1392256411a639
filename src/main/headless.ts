import * as nodeModule from 'node:module'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import packageJson from '../../package.json' with { type: 'json' }

/* The server face: the node under plain Node, its console over HTTP; and the command line of both faces. */

// Compiled code kept from the last start halves the time to ready. Not in Electron's older Node; where the
// program's folder cannot be written (an installed one) Node goes without.
if ('enableCompileCache' in nodeModule)
  nodeModule.enableCompileCache(join(import.meta.dirname, '..', 'compile-cache'))

// A node idles for months: young objects in 1 MB steps instead of 16 save some 30 MB and cost it nothing.
setFlagsFromString('--semi-space-growth-factor=1')

// Loaded after these, or there would be nothing to gain.
const { main } = await import('./cli/main.ts')
const { programIn } = await import('./app/program.ts')
process.exitCode = await main(
  process.argv.slice(2),
  programIn(import.meta.dirname, { version: packageJson.version, nodePath: process.execPath }),
)
