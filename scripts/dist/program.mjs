import { mkdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { packager } from '@electron/packager'
import { setFuses } from './fuses.mjs'
import { plainModes } from './modes.mjs'
import { PUBLISHER, SCHEME } from './product.mjs'
import { zipRuntime } from './runtime-zip.mjs'
import { macosSigning } from './macos/signing.mjs'
import { windowsSigning } from './windows/signing.mjs'

/**
 * What lies beside the archive as real files: everything but what the window alone runs (its entry, its preload, the
 * manifest). ADR 30 says why.
 */
const UNPACKED = '**/{out/main/!(index.js),out/main/chunks/**,out/renderer/**,resources/**,node_modules/**}'

/** Where the executable lies in the folder that the packager makes, by platform. */
const EXECUTABLE = {
  linux: ({ executable }) => executable,
  win32: ({ executable }) => `${executable}.exe`,
  darwin: ({ title, executable }) => join(`${title}.app`, 'Contents', 'MacOS', executable),
}

/**
 * Makes the folder of the whole program, ready to run, in `out`.
 * @returns {Promise<string>} its path, `NAME-VERSION-PLATFORM-ARCH`
 */
export async function makeProgram({ root, work, out, product, runtime, staged, platform, arch }) {
  const [made] = await packager({
    ...{ dir: staged.app, out: join(work, 'made'), platform, arch },
    electronVersion: runtime.version,
    // The official runtime comes from the cache that set-up has filled.
    ...(runtime.kind === 'fallback' && { electronZipDir: await zipRuntime(runtime, join(work, 'runtime')) }),
    name: product.title,
    executableName: product.executable,
    appVersion: product.version,
    appBundleId: product.bundleId,
    appCategoryType: 'public.app-category.developer-tools',
    asar: { unpack: UNPACKED },
    extraResource: staged.resources,
    icon: join(root, 'packaging', 'icons', 'icon'),
    prune: false,
    quiet: true,
    protocols: [{ name: product.title, schemes: [SCHEME] }],
    win32metadata: { CompanyName: PUBLISHER, ProductName: product.title, FileDescription: product.title },
    ...(platform === 'darwin' && macosSigning(root)),
    ...(platform === 'win32' && windowsSigning()),
    // Before anything is signed.
    afterCopyExtraResources: [
      ({ buildPath }) => setFuses(executableIn(buildPath, platform, product), platform),
    ],
  })
  const program = join(out, `${product.name}-${product.version}-${platform}-${arch}`)
  await mkdir(out, { recursive: true })
  await rm(program, { recursive: true, force: true })
  await rename(made, program)
  await plainModes(program)
  return program
}

const executableIn = (folder, platform, product) => join(folder, EXECUTABLE[platform](product))
