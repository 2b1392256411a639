import { join } from 'node:path'
import { MAINTAINER, SCHEME } from '../product.mjs'

/** Debian's names of processors. */
export const DEBIAN_ARCH = { x64: 'amd64', arm64: 'arm64' }

const ICON_SIZES = [16, 32, 48, 64, 128, 256]

/**
 * What the scripts of the package, its links (desktop-file-utils tells desktops of them) and Node need; the packager
 * knows what Electron does.
 */
const DEPENDS = ['passwd', 'desktop-file-utils', 'libasound2t64 | libasound2', 'libstdc++6', 'libc6']

/** The options of the Debian package, as electron-installer-debian has them. */
export function debOptions({ root, program, out, product, arch }) {
  const linux = join(root, 'packaging', 'linux')
  return {
    ...{ src: program, dest: out, arch: DEBIAN_ARCH[arch] },
    options: {
      name: product.name,
      productName: product.title,
      genericName: 'Cluster administration',
      version: product.version,
      description: product.description,
      productDescription:
        'Scheduler, runner and change history of scripts on many machines: a desktop window, and a\n' +
        'node without one (pswebhost-node, off until its service is enabled).',
      maintainer: MAINTAINER,
      section: 'admin',
      categories: ['System', 'Utility'],
      mimeType: [`x-scheme-handler/${SCHEME}`],
      bin: product.executable,
      depends: DEPENDS,
      icon: Object.fromEntries(
        ICON_SIZES.map((size) => [`${size}x${size}`, join(root, 'packaging', 'icons', `icon-${size}.png`)]),
      ),
      scripts: Object.fromEntries(['postinst', 'prerm', 'postrm'].map((name) => [name, join(linux, name)])),
      compression: 'zstd',
    },
  }
}

/** The unit as this product has it: its guide lies in the folder of its package. */
export const unitText = (text, { name }) => text.replace('/usr/share/doc/pswebhost-cluster/', `/usr/share/doc/${name}/`)
