import { join } from 'node:path'
import { SetupError } from '../../setup/progress.mjs'

/** Who asks Apple, as the packager has it. */
const notarization = ({ APPLE_ID, APPLE_APP_PASSWORD, APPLE_TEAM_ID }) =>
  APPLE_ID
    ? { appleId: APPLE_ID, appleIdPassword: APPLE_APP_PASSWORD ?? '', teamId: APPLE_TEAM_ID ?? '' }
    : undefined

/** What Apple notarizes is signed, and these name who signs. */
const SIGNERS = ['MACOS_IDENTITY', 'MACOS_INSTALLER_IDENTITY']
const ASKERS = ['APPLE_APP_PASSWORD', 'APPLE_TEAM_ID']

/**
 * Options of the packager that sign and notarize the app, where the identities are given (docs/install.md). Without
 * them it is signed for this machine alone.
 * @throws SetupError where what Apple refuses would be sent there
 */
export function macosSigning(root, env = process.env) {
  const missing = env.APPLE_ID ? [...SIGNERS, ...ASKERS].filter((name) => !env[name]) : []
  if (missing.length > 0)
    throw new SetupError(
      `APPLE_ID asks for notarization, which needs ${missing.join(' and ')} as well: Apple takes only what is ` +
        'signed. Set it, or make packages that are not notarized.',
      'env -u APPLE_ID npm run dist',
    )
  const { MACOS_IDENTITY } = env
  const entitlements = join(root, 'packaging', 'macos', 'entitlements.plist')
  const optionsForFile = () => ({ entitlements, hardenedRuntime: true })
  const osxNotarize = notarization(env)
  return {
    ...(MACOS_IDENTITY && { osxSign: { identity: MACOS_IDENTITY, optionsForFile } }),
    ...(osxNotarize && { osxNotarize }),
  }
}

/**
 * The commands that have Apple notarize an installer and fasten what it said to it; none without an APPLE_ID. The app in
 * it has its own, but the package is what people open first.
 */
export function notarizeCommands(file, env = process.env) {
  const who = notarization(env)
  if (!who) return []
  const { appleId, appleIdPassword, teamId } = who
  const as = ['--apple-id', appleId, '--password', appleIdPassword, '--team-id', teamId]
  return [
    ['xcrun', ['notarytool', 'submit', file, ...as, '--wait']],
    ['xcrun', ['stapler', 'staple', file]],
  ]
}
