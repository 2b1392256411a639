import { flipFuses, FuseV1Options, FuseVersion } from '@electron/fuses'

/**
 * What the installed runtime cannot be talked into: being a Node with the window's identity, options from its
 * environment, a debugger, code from elsewhere than the archive.
 */
export const FUSES = {
  [FuseV1Options.RunAsNode]: false,
  [FuseV1Options.EnableNodeOptionsEnvironmentVariable]: false,
  [FuseV1Options.EnableNodeCliInspectArguments]: false,
  [FuseV1Options.EnableEmbeddedAsarIntegrityValidation]: true,
  [FuseV1Options.OnlyLoadAppFromAsar]: true,
  [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
  [FuseV1Options.GrantFileProtocolExtraPrivileges]: false,
}

/** Sets them in an executable, before it is signed. */
export const setFuses = (executable, platform) =>
  flipFuses(executable, {
    version: FuseVersion.V1,
    // What was signed for the machine it was built on is no longer what it was.
    resetAdHocDarwinSignature: platform === 'darwin',
    ...FUSES,
  })
