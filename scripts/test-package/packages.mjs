import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { DEBIAN_ARCH } from '../dist/linux/deb-options.mjs'
import { productOf, readManifest } from '../dist/product.mjs'
import { installedElectron } from '../setup/electron.mjs'
import { SetupError } from '../setup/progress.mjs'

/**
 * What `npm run dist` made here, as variables for the tests.
 * @throws SetupError when it is not there
 */
export function findPackages(root) {
  const product = productOf(readManifest(root), installedElectron(root)?.kind)
  const { name, version } = product
  const found = {
    PSWEBHOST_TEST_DEB: join(root, 'dist', `${name}_${version}_${DEBIAN_ARCH[process.arch]}.deb`),
    PSWEBHOST_TEST_ARCHIVE: join(root, 'dist', `${name}-${version}-linux-${process.arch}.tar.gz`),
  }
  const missing = Object.values(found).filter((file) => !existsSync(file))
  if (missing.length > 0) throw new SetupError(`${missing.join(' and ')} is not there.`, 'npm run dist')
  return { ...found, PSWEBHOST_TEST_PACKAGE: name, PSWEBHOST_TEST_VERSION: version }
}
