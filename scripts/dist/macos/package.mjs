import { chmod, cp, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { run } from '../../setup/child.mjs'
import { SetupError } from '../../setup/progress.mjs'
import { notarizeCommands } from './signing.mjs'

/**
 * Makes the `.pkg` that puts the app into Applications, notarized where the app is.
 * @returns its path; @throws SetupError when a command of it fails
 */
export async function makeMacosPackage({ root, work, out, program, product, arch }) {
  const file = join(out, `${product.name}-${product.version}-darwin-${arch}.pkg`)
  const app = `${product.title}.app`
  const parts = { payload: join(work, 'payload'), components: join(work, 'components.plist') }
  await mkdir(parts.payload, { recursive: true })
  // As the system copies a signed app: with everything that its signature covers.
  await orFail('ditto', [join(program, app), join(parts.payload, app)])
  await writeFile(parts.components, componentsText(app))
  const scripts = join(work, 'scripts')
  await cp(join(root, 'packaging', 'macos', 'scripts'), scripts, { recursive: true })
  await chmod(join(scripts, 'postinstall'), 0o755)
  // Which app postinstall is about.
  await writeFile(join(scripts, 'app'), `${app}\n`)
  await orFail('pkgbuild', pkgbuildArguments({ ...parts, product, scripts, file }))
  for (const [command, args] of notarizeCommands(file)) await orFail(command, args)
  return file
}

async function orFail(command, args) {
  const code = await run(command, args)
  if (code !== 0) throw new SetupError(`${command} ended with code ${code}, see above.`)
}

/** What pkgbuild is called with; signed where MACOS_INSTALLER_IDENTITY names who signs. */
export const pkgbuildArguments = ({ payload, components, product, scripts, file }, env = process.env) => [
  ...['--root', payload, '--component-plist', components],
  ...['--install-location', '/Applications'],
  ...['--identifier', product.bundleId, '--version', product.version],
  ...['--scripts', scripts],
  ...(env.MACOS_INSTALLER_IDENTITY ? ['--sign', env.MACOS_INSTALLER_IDENTITY] : []),
  file,
]

/**
 * What pkgbuild is told of the app: it goes to Applications. A relocatable one would be put over any copy of it that
 * the system knows of, a build in `dist/` for one.
 */
export const componentsText = (app) => `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
  <array>
    <dict>
      <key>RootRelativeBundlePath</key>
      <string>${app}</string>
      <key>BundleIsRelocatable</key>
      <false/>
      <key>BundleOverwriteAction</key>
      <string>upgrade</string>
    </dict>
  </array>
</plist>
`
