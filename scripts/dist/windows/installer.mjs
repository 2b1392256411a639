import { join } from 'node:path'
import { run } from '../../setup/child.mjs'
import { SetupError } from '../../setup/progress.mjs'
import { PUBLISHER, SCHEME } from '../product.mjs'
import { windowsSigning } from './signing.mjs'

/** Makes the installer with NSIS, and signs it. @returns its path; @throws SetupError when makensis fails */
export async function makeWindowsInstaller({ root, out, program, product, arch }) {
  const file = join(out, `${product.name}-${product.version}-win32-${arch}-setup.exe`)
  const code = await run('makensis', makensisArguments({ root, program, product, file }))
  if (code !== 0) throw new SetupError(`makensis ended with code ${code}, see above.`)
  const { windowsSign } = windowsSigning()
  if (windowsSign) await (await import('@electron/windows-sign')).sign({ files: [file], ...windowsSign })
  return file
}

/** What makensis is called with: the installer's script takes every name from here. */
export function makensisArguments({ root, program, product, file }) {
  const defines = {
    ...{ SOURCE: program, OUT: file, ICON: join(root, 'packaging', 'icons', 'icon.ico') },
    ...{ NAME: product.name, TITLE: product.title, VERSION: product.version },
    ...{ EXECUTABLE: `${product.executable}.exe`, SCHEME, PUBLISHER, APP_ID: product.bundleId },
  }
  return [
    ...['-V2', '-INPUTCHARSET', 'UTF8'],
    ...Object.entries(defines).map(([name, value]) => `-D${name}=${value}`),
    join(root, 'packaging', 'windows', 'installer.nsi'),
  ]
}
