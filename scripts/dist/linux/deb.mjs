import { appendFile, copyFile, mkdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Installer } from 'electron-installer-debian'
import { plainModes } from '../modes.mjs'
import { debOptions, unitText } from './deb-options.mjs'

/** The program as a Debian package: what electron-installer-debian lays out, the command line, the service, its guide. */
class ProductInstaller extends Installer {
  /** @param {{ root: string, product: { name: string, otherName: string } }} own */
  constructor(data, own) {
    super(data)
    this.own = own
  }

  /** Everything, in its order: both packages own the command line and the service, so one gives way to the other. */
  async build() {
    await this.generateDefaults()
    this.generateOptions()
    await this.createStagingDir()
    await this.createContents()
    await this.addOwn()
    await plainModes(this.stagingDir)
    await this.updateSandboxHelperPermissions()
    await this.createPackage()
    await this.movePackage()
    return this.options.packagePaths[0]
  }

  async addOwn() {
    const { root, product } = this.own
    const usr = join(this.stagingDir, 'usr')
    await symlink(
      join('..', 'lib', product.name, 'resources', 'bin', 'pswebhost-node'),
      join(usr, 'bin', 'pswebhost-node'),
    )
    const unit = 'pswebhost-node.service'
    const units = join(usr, 'lib', 'systemd', 'system')
    await mkdir(units, { recursive: true })
    const text = await readFile(join(root, 'packaging', 'linux', unit), 'utf8')
    await writeFile(join(units, unit), unitText(text, product))
    const guide = join('doc', product.name, 'install.md')
    await place(join(root, 'docs', 'install.md'), join(usr, 'share', guide))
    const { otherName } = product
    const control = join(this.stagingDir, 'DEBIAN', 'control')
    await appendFile(control, `Conflicts: ${otherName}\nReplaces: ${otherName}\n`)
  }
}

/** Makes the Debian package in `out`. @returns {Promise<string>} its path */
export const makeDeb = ({ root, out, program, product, arch }) => {
  const data = debOptions({ root, program, out, product, arch })
  const rename = (folder, name) => join(folder, name)
  return new ProductInstaller({ ...data, rename, logger: () => undefined }, { root, product }).build()
}

async function place(from, to) {
  await mkdir(dirname(to), { recursive: true })
  await copyFile(from, to)
}
