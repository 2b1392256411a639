import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { componentsText, pkgbuildArguments } from '../../scripts/dist/macos/package.mjs'
import { macosSigning, notarizeCommands } from '../../scripts/dist/macos/signing.mjs'
import { DEVELOPMENT, RELEASE, ROOT } from './products.ts'
import { parsePlist } from './xml.ts'

const MACOS = join(ROOT, 'packaging', 'macos')
const isPosix = process.platform !== 'win32'
const plistOf = (name: string) => parsePlist(readFileSync(join(MACOS, name), 'utf8'))

/** More than the longest grace that scripts may have (execution.shutdownGraceSeconds). */
const LONGEST_GRACE = 3600

describe('the macOS package', () => {
  it('puts its app into Applications, under a name of its own for development', () => {
    const options = {
      payload: '/w/payload',
      components: '/w/c.plist',
      scripts: '/w/scripts',
      file: '/d/p.pkg',
    }
    expect(pkgbuildArguments({ ...options, product: RELEASE }, {})).toEqual([
      ...['--root', '/w/payload', '--component-plist', '/w/c.plist', '--install-location', '/Applications'],
      ...['--identifier', 'net.pswebhost.cluster', '--version', '1.2.3', '--scripts', '/w/scripts'],
      '/d/p.pkg',
    ])
    const signed = pkgbuildArguments({ ...options, product: DEVELOPMENT }, { MACOS_INSTALLER_IDENTITY: 'Us' })
    expect(signed).toContain('net.pswebhost.cluster.development')
    expect(signed.slice(-3)).toEqual(['--sign', 'Us', '/d/p.pkg'])
    expect(parsePlist(componentsText('A.app'))).toEqual([
      { RootRelativeBundlePath: 'A.app', BundleIsRelocatable: false, BundleOverwriteAction: 'upgrade' },
    ])
  })

  const SIGNING = {
    ...{ MACOS_IDENTITY: 'App', MACOS_INSTALLER_IDENTITY: 'Installer' },
    ...{ APPLE_ID: 'us', APPLE_APP_PASSWORD: 'secret', APPLE_TEAM_ID: 'T1' },
  }

  it('is notarized as the app in it is, and carries what Apple said', () => {
    expect(macosSigning('/r', SIGNING)).toMatchObject({
      osxSign: { identity: 'App' },
      osxNotarize: { appleId: 'us', appleIdPassword: 'secret', teamId: 'T1' },
    })
    const as = ['--apple-id', 'us', '--password', 'secret', '--team-id', 'T1']
    expect(notarizeCommands('/d/p.pkg', SIGNING)).toEqual([
      ['xcrun', ['notarytool', 'submit', '/d/p.pkg', ...as, '--wait']],
      ['xcrun', ['stapler', 'staple', '/d/p.pkg']],
    ])
    expect([macosSigning('/r', {}), notarizeCommands('/d/p.pkg', {})]).toEqual([{}, []])
  })

  it.each(['MACOS_IDENTITY', 'MACOS_INSTALLER_IDENTITY', 'APPLE_APP_PASSWORD', 'APPLE_TEAM_ID'])(
    'is not made where Apple would refuse it: without %s',
    (name) => {
      expect(() => macosSigning('/r', { ...SIGNING, [name]: '' })).toThrow(`needs ${name} as well`)
    },
  )

  it.skipIf(!isPosix)(
    'links the command line of the app that was installed (skipped on Windows: no sh)',
    () => {
      const volume = mkdtempSync(join(tmpdir(), 'pswebhost-volume-'))
      onTestFinished(() => rmSync(volume, { recursive: true }))
      cpSync(join(MACOS, 'scripts'), join(volume, 'scripts'), { recursive: true })
      writeFileSync(join(volume, 'scripts', 'app'), 'PSWebHost Cluster (development).app\n')
      const { status, stderr } = spawnSync(
        'sh',
        [join(volume, 'scripts', 'postinstall'), 'p.pkg', '/Applications', volume],
        { encoding: 'utf8' },
      )
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
      expect(readlinkSync(join(volume, 'usr', 'local', 'bin', 'pswebhost-node'))).toBe(
        '/Applications/PSWebHost Cluster (development).app/Contents/Resources/bin/pswebhost-node',
      )
    },
  )

  it('has a service that waits for scripts, finds their interpreters and says why it cannot start', () => {
    const data = '/usr/local/var/pswebhost-node'
    const service = plistOf('net.pswebhost.node.plist')
    expect(service).toMatchObject({
      Label: 'net.pswebhost.node',
      ProgramArguments: ['/usr/local/bin/pswebhost-node', '--headless', '--data', data],
      WorkingDirectory: data,
      StandardOutPath: `${data}/service.log`,
      StandardErrorPath: `${data}/service.log`,
      EnvironmentVariables: { PATH: expect.stringContaining('/usr/local/bin:') as string },
      KeepAlive: { SuccessfulExit: false },
    })
    expect(service).toHaveProperty('ExitTimeOut', LONGEST_GRACE + 60)
  })

  it('is signed with what its engine needs, and no more', () => {
    expect(plistOf('entitlements.plist')).toEqual({ 'com.apple.security.cs.allow-jit': true })
  })
})
