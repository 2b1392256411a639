import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { debOptions, unitText } from '../../scripts/dist/linux/deb-options.mjs'
import { LINUX } from './machine-root.ts'
import { DEVELOPMENT, RELEASE, ROOT } from './products.ts'

describe('the Debian package', () => {
  const made = debOptions({ root: ROOT, program: '/d/p', out: '/d', product: RELEASE, arch: 'x64' })

  it('is named, opens links and needs what it calls', () => {
    expect(made).toMatchObject({ src: '/d/p', dest: '/d', arch: 'amd64' })
    expect(made.options).toMatchObject({
      ...{ name: 'pswebhost-cluster', version: '1.2.3', bin: 'pswebhost-cluster', compression: 'zstd' },
      mimeType: ['x-scheme-handler/pswebhost'],
    })
    for (const name of ['passwd', 'desktop-file-utils']) expect(made.options.depends).toContain(name)
    const development = debOptions({
      root: ROOT,
      program: '/p',
      out: '/d',
      product: DEVELOPMENT,
      arch: 'arm64',
    })
    expect(development).toMatchObject({ arch: 'arm64', options: { name: 'pswebhost-cluster-dev' } })
  })

  it('is made of files that are there', () => {
    const files = [...Object.values(made.options.scripts), ...Object.values(made.options.icon)]
    expect(Object.keys(made.options.scripts).sort()).toEqual(['postinst', 'postrm', 'prerm'])
    expect(files.filter((file) => !existsSync(file))).toEqual([])
  })
})

describe('the systemd unit', () => {
  const text = readFileSync(join(LINUX, 'pswebhost-node.service'), 'utf8')
  const lines = text.split('\n')
  const settings = new Map(
    lines.filter((line) => /^\w+=/.test(line)).map((line) => line.split('=', 2) as [string, string]),
  )

  it('waits longer than the longest grace that scripts may have', () => {
    const schema = readFileSync(join(ROOT, 'src', 'main', 'config', 'schema.ts'), 'utf8')
    const longest = Number(/shutdownGraceSeconds: whole\(0, (\d+)/.exec(schema)?.[1])
    expect(Number(settings.get('TimeoutStopSec'))).toBe(longest + 60)
  })

  it.each([RELEASE, DEVELOPMENT])('names the guide that is in the package $name', (product) => {
    const guide = `/usr/share/doc/${product.name}/install.md`
    expect(unitText(text, product)).toContain(`\nDocumentation=file://${guide}\n`)
  })

  it('gives up rights that no script can use, and none that bubblewrap and control groups need', () => {
    expect(Object.fromEntries(settings)).toMatchObject({
      ...{ Delegate: 'yes', NoNewPrivileges: 'yes', CapabilityBoundingSet: '', ProtectSystem: 'full' },
      ...{ RestrictRealtime: 'yes', LockPersonality: 'yes' },
    })
    const forbidden = [
      'RestrictNamespaces',
      'ProtectControlGroups',
      'ProtectKernelTunables',
      'ProtectKernelLogs',
      'ProtectProc',
    ]
    expect(forbidden.filter((name) => settings.has(name))).toEqual([])
  })
})
