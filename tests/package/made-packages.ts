import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DEB, PACKAGE, sh, VERSION } from './machine.ts'

export const OLDER_VERSION = '0.0.1'

/** The release where development is tested, and the other way round. */
export const OTHER = PACKAGE.endsWith('-dev') ? PACKAGE.slice(0, -'-dev'.length) : `${PACKAGE}-dev`

/** The package as an earlier version would have been: the same files under a lower number. */
export const withOlderPackage = <T>(use: (file: string) => Promise<T>): Promise<T> =>
  withPackage((control) => control.replace(`Version: ${VERSION}`, `Version: ${OLDER_VERSION}`), use)

/** The package that takes the place of this one: the same files under the other name. */
export const withOtherPackage = <T>(use: (file: string) => Promise<T>): Promise<T> =>
  withPackage(
    (control) =>
      control
        .replace(/^Package: .*$/m, `Package: ${OTHER}`)
        .replace(/^(Conflicts|Replaces): .*$/gm, `$1: ${PACKAGE}`),
    use,
  )

/** This package with another control file, while it is used. */
const withPackage = async <T>(
  change: (control: string) => string,
  use: (file: string) => Promise<T>,
): Promise<T> => {
  const folder = await mkdtemp(join(tmpdir(), 'pswebhost-package-'))
  try {
    const tree = join(folder, 'tree')
    await sh('dpkg-deb', '-R', DEB, tree)
    const control = join(tree, 'DEBIAN', 'control')
    await writeFile(control, change(await readFile(control, 'utf8')))
    const file = join(folder, 'made.deb')
    await sh('dpkg-deb', '-Znone', '--build', tree, file)
    // apt reads it as a user of its own.
    await sh('chmod', '755', folder)
    return await use(file)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
