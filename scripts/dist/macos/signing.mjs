import { join } from 'node:path'

/**
 * Options of the packager that sign and notarize the app, where the identities are given (docs/install.md). Without
 * them it is signed for this machine alone.
 */
export function macosSigning(root, env = process.env) {
  const { MACOS_IDENTITY, APPLE_ID, APPLE_APP_PASSWORD, APPLE_TEAM_ID } = env
  const entitlements = join(root, 'packaging', 'macos', 'entitlements.plist')
  const optionsForFile = () => ({ entitlements, hardenedRuntime: true })
  return {
    ...(MACOS_IDENTITY && { osxSign: { identity: MACOS_IDENTITY, optionsForFile } }),
    ...(APPLE_ID && {
      osxNotarize: { appleId: APPLE_ID, appleIdPassword: APPLE_APP_PASSWORD, teamId: APPLE_TEAM_ID },
    }),
  }
}
