import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, sep } from 'node:path'
import { FuseV1Options } from '@electron/fuses'
import { describe, expect, it, onTestFinished } from 'vitest'
import { FUSES } from '../../scripts/dist/fuses.mjs'
import { shippedNode } from '../../scripts/dist/node-runtime.mjs'
import { noticesText } from '../../scripts/dist/notices.mjs'
import { stage } from '../../scripts/dist/stage.mjs'
import { withWorkFolder } from '../../scripts/dist/work-folder.mjs'
import { DEVELOPMENT, RELEASE, ROOT } from './products.ts'

describe('the product', () => {
  it('is another one where the runtime is the stand-in', () => {
    expect(RELEASE).toMatchObject({
      title: 'PSWebHost Cluster',
      bundleId: 'net.pswebhost.cluster',
      isDevelopment: false,
    })
    for (const part of ['name', 'title', 'bundleId'] as const)
      expect(DEVELOPMENT[part]).not.toBe(RELEASE[part])
    expect([RELEASE.otherName, DEVELOPMENT.otherName]).toEqual([DEVELOPMENT.name, RELEASE.name])
    expect(DEVELOPMENT.executable).toBe(RELEASE.executable)
  })
})

describe('the installed runtime', () => {
  it('is no Node, takes no options from outside and no code from elsewhere', () => {
    const { RunAsNode, EnableNodeOptionsEnvironmentVariable, EnableNodeCliInspectArguments } = FuseV1Options
    const { EnableEmbeddedAsarIntegrityValidation, OnlyLoadAppFromAsar, GrantFileProtocolExtraPrivileges } =
      FuseV1Options
    expect(FUSES).toMatchObject({
      [RunAsNode]: false,
      [EnableNodeOptionsEnvironmentVariable]: false,
      [EnableNodeCliInspectArguments]: false,
      [EnableEmbeddedAsarIntegrityValidation]: true,
      [OnlyLoadAppFromAsar]: true,
      [GrantFileProtocolExtraPrivileges]: false,
    })
  })
})

describe('the Node that is shipped', () => {
  const running = (node: string, variables: object) => ({ versions: { node }, config: { variables } })

  it('is of one version, and whole', () => {
    expect(shippedNode(ROOT, running('24.1.0', { node_shared: false, node_shared_zlib: false }))).toBeTruthy()
    expect(() => shippedNode(ROOT, running('25.0.0', {}))).toThrow(
      'Packages bring Node 24, and this is Node 25.0.0',
    )
    expect(() => shippedNode(ROOT, running('24.1.0', { node_shared: true }))).toThrow('node_shared')
    // As package managers build it.
    expect(() =>
      shippedNode(ROOT, running('24.1.0', { node_shared: false, node_shared_openssl: 'true' })),
    ).toThrow('node_shared_openssl')
  })
})

describe('the folder that packages are made in', () => {
  it('is empty, below the one they end in, and gone after that', async () => {
    const out = mkdtempSync(join(tmpdir(), 'pswebhost-out-'))
    onTestFinished(() => rmSync(out, { recursive: true }))
    const seen: string[] = []
    const failing = withWorkFolder(out, async (folder) => {
      seen.push(folder, ...readdirSync(folder))
      writeFileSync(join(folder, 'half-made'), '')
      throw new Error('no space left')
    })
    await expect(failing).rejects.toThrow('no space left')
    expect([seen.length, dirname(seen[0] ?? ''), readdirSync(out)]).toEqual([1, out, []])
  })
})

describe('the licences', () => {
  it('name every package, with its text where there is one', () => {
    const text = noticesText([
      { name: 'alpha', version: '1.0.0', identifier: 'MIT', text: 'Do what you like.\n\n' },
      { name: '@scope/beta', version: '2.0.0' },
    ])
    expect(text).toContain('contains 2 npm packages')
    expect(text).toContain('## alpha 1.0.0 (MIT)\n\nDo what you like.\n')
    expect(text).toContain('## @scope/beta 2.0.0\n')
  })
})

/** A project as it is after a build and some starts. */
const PROJECT = {
  'package.json': '{}',
  'out/main/index.js': '',
  'out/main/index.js.map': '',
  'out/main/licenses.json': '[{ "name": "alpha", "version": "1.0.0", "text": "Of alpha." }]',
  'out/main/chunks/a.js': '',
  'out/preload/index.cjs': '',
  'out/renderer/index.html': '',
  'out/renderer/assets/index.css': '',
  'out/compile-cache/v24/cached': '',
  'out/stamp.json': '',
  'resources/icon.png': '',
  'docs/install.md': '',
  'tests/a.test.ts': '',
  'node_modules/better-sqlite3/package.json': '{ "version": "12.0.0", "license": "MIT" }',
  'node_modules/better-sqlite3/LICENSE': 'Of better-sqlite3.',
  'node_modules/better-sqlite3/lib/index.js': '',
  'node_modules/better-sqlite3/deps/sqlite3.c': '',
  'node_modules/better-sqlite3/src/database.cpp': '',
  ...Object.fromEntries(
    ['linux-x64', 'win32-x64', 'darwin-arm64'].map((name) => [
      `node_modules/better-sqlite3/prebuilds/${name}.node`,
      '',
    ]),
  ),
  'packaging/pswebhost-node': '#!/bin/sh',
  'packaging/pswebhost-node.cmd': '@echo off',
  'packaging/windows/service.xml': '',
  'packaging/windows/search-path.ps1': '',
  'packaging/windows/running.ps1': '',
  'packaging/windows/installer.nsi': '',
  'packaging/macos/net.pswebhost.node.plist': '',
  'the-node': 'ELF',
}

/** What is laid out for a platform: the files of the app, and those beside it. */
const staged = async (platform: NodeJS.Platform, arch: string) => {
  const root = mkdtempSync(join(tmpdir(), 'pswebhost-stage-'))
  onTestFinished(() => rmSync(root, { recursive: true }))
  for (const [file, text] of Object.entries(PROJECT)) {
    mkdirSync(dirname(join(root, file)), { recursive: true })
    writeFileSync(join(root, file), text)
  }
  const work = join(root, 'work')
  const nodePath = join(root, 'the-node')
  const { app, resources } = await stage({ root, work, product: RELEASE, nodePath, platform, arch })
  return {
    app,
    appFiles: filesIn(app),
    resourceFiles: resources.flatMap((entry) => filesIn(entry, join(work, 'resources'))),
  }
}

const filesIn = (folder: string, from = folder): string[] =>
  readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(from.length + 1)
        .split(sep)
        .join('/'),
    )
    .sort()

describe('what is packaged', () => {
  it('is the build and what it needs: no maps, no caches, no sources, no binary of another system', async () => {
    const { app, appFiles, resourceFiles } = await staged('linux', 'x64')
    expect(appFiles).toEqual([
      'node_modules/better-sqlite3/LICENSE',
      'node_modules/better-sqlite3/lib/index.js',
      'node_modules/better-sqlite3/package.json',
      'node_modules/better-sqlite3/prebuilds/linux-x64.node',
      'out/main/chunks/a.js',
      'out/main/index.js',
      'out/main/package.json',
      'out/preload/index.cjs',
      'out/renderer/assets/index.css',
      'out/renderer/index.html',
      'package.json',
      'resources/icon.png',
    ])
    expect(resourceFiles.filter((file) => file !== 'licenses/node.txt')).toEqual([
      'node/node',
      'bin/pswebhost-node',
      'licenses/third-party.md',
    ])
    expect(JSON.parse(readFileSync(join(app, 'package.json'), 'utf8'))).toEqual({
      ...{ name: 'pswebhost-cluster', productName: 'PSWebHost Cluster', version: '1.2.3' },
      desktopName: 'pswebhost-cluster.desktop',
      ...{ description: 'Runs scripts.', type: 'module', main: 'out/main/index.js' },
    })
    const notices = readFileSync(join(app, '..', 'resources', 'licenses', 'third-party.md'), 'utf8')
    for (const text of ['Of alpha.', 'Of better-sqlite3.']) expect(notices).toContain(text)
  })

  it.each([
    [
      'win32',
      'x64',
      ['node/node.exe', 'bin/pswebhost-node.cmd', 'windows/search-path.ps1', 'windows/service.xml'],
    ],
    ['darwin', 'arm64', ['node/node', 'bin/pswebhost-node', 'macos/net.pswebhost.node.plist']],
  ] as const)('brings along what an administrator of %s takes from it', async (platform, arch, expected) => {
    const { appFiles, resourceFiles } = await staged(platform, arch)
    expect(appFiles).toContain(`node_modules/better-sqlite3/prebuilds/${platform}-${arch}.node`)
    expect(resourceFiles.filter((file) => !file.startsWith('licenses/'))).toEqual(expected)
  })
})
