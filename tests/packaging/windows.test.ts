import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { Product } from '../../scripts/dist/product.mjs'
import { makensisArguments } from '../../scripts/dist/windows/installer.mjs'
import { DEVELOPMENT, RELEASE, ROOT } from './products.ts'
import { parseXml, textAt } from './xml.ts'

const hasMakensis = spawnSync('makensis', ['-VERSION']).status === 0
const WINDOWS = join(ROOT, 'packaging', 'windows')

/** A small program as the packager leaves it, and the installer that is made of it. */
const stubProgram = (product: Product) => {
  const folder = mkdtempSync(join(tmpdir(), 'pswebhost-installer-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const program = join(folder, 'program')
  mkdirSync(join(program, 'resources', 'bin'), { recursive: true })
  writeFileSync(join(program, `${product.executable}.exe`), 'MZ')
  return { root: ROOT, program, product, file: join(folder, `${product.name}-setup.exe`) }
}

const definesIn = (args: string[]): Record<string, string> =>
  Object.fromEntries(
    args
      .filter((arg) => arg.startsWith('-D'))
      .map((arg) => arg.slice(2).split(/=(.*)/s, 2) as [string, string]),
  )

describe('the Windows installer', () => {
  it('gets every name from the product', () => {
    const args = makensisArguments({
      root: '/r',
      program: '/r/dist/p',
      product: DEVELOPMENT,
      file: '/r/dist/s.exe',
    })
    expect(definesIn(args)).toMatchObject({
      ...{ SOURCE: '/r/dist/p', OUT: '/r/dist/s.exe', VERSION: '1.2.3', SCHEME: 'pswebhost' },
      ...{ NAME: 'pswebhost-cluster-dev', TITLE: 'PSWebHost Cluster (development)' },
      ...{ EXECUTABLE: 'pswebhost-cluster.exe', APP_ID: 'net.pswebhost.cluster.development' },
    })
    expect(args.at(-1)).toMatch(/installer\.nsi$/)
  })

  it.skipIf(!hasMakensis).each([RELEASE, DEVELOPMENT])(
    'of $name is compiled without a warning (skipped: no makensis)',
    (product) => {
      const stub = stubProgram(product)
      const { status, stdout, stderr } = spawnSync('makensis', makensisArguments(stub), { encoding: 'utf8' })
      expect({ status, said: `${stdout}${stderr}` }).toEqual({ status: 0, said: '' })
      expect(existsSync(stub.file)).toBe(true)
    },
  )
})

describe('the installer', () => {
  const script = readFileSync(join(WINDOWS, 'installer.nsi'), 'utf8')
  const section = (name: string): string => script.split(`Section "${name}"`)[1]?.split('SectionEnd')[0] ?? ''

  it('makes a shortcut with the name that the program goes by, or no notification would be shown', () => {
    expect(section('Install')).toMatch(
      /CreateShortCut "([^"]+)" .*\n\s+StrCpy \$1 "\1"\n\s+Call NameShortcut\n/,
    )
    expect(script).toContain('System::Call \'SHLWAPI::SHStrDupW(w "${APP_ID}",*p.r6)\'')
  })

  it('takes along what the program wrote for the person, when it is uninstalled', () => {
    expect(section('Uninstall')).toContain('Call un.ForgetPerson')
    for (const value of ['"${RUN}" "${APP_ID}"', '"${RUN_APPROVED}" "${APP_ID}"'])
      expect(script).toContain(`DeleteRegValue HKCU ${value}`)
    expect(script).toContain('DeleteRegKey HKCU "${LINKS}"')
  })
})

describe('what the installer ends', () => {
  const script = readFileSync(join(WINDOWS, 'running.ps1'), 'utf8')

  it('goes with the scripts that it runs, but for the one that installs, and leaves what a window has opened', () => {
    const one = /function Stop-One[^]*?\n}\n/.exec(script)?.[0] ?? ''
    expect(one).toContain("if ($Process.Name -eq 'node.exe' -and $above -notcontains $id) {")
    expect(one).toContain('taskkill.exe" /T /F /PID $id')
    expect(script.split('taskkill')).toHaveLength(2)
  })
})

const SECONDS = { D: 86_400, H: 3600, M: 60, S: 1 }

/** Seconds of a duration as the Task Scheduler writes them. */
const secondsOf = (duration: string): number => {
  const [, days, hours, minutes, seconds] =
    /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/.exec(duration) ?? []
  return (
    Number(days ?? 0) * SECONDS.D +
    Number(hours ?? 0) * SECONDS.H +
    Number(minutes ?? 0) * SECONDS.M +
    Number(seconds ?? 0)
  )
}

describe('the Windows service', () => {
  const task = parseXml(readFileSync(join(WINDOWS, 'service.xml'), 'utf8'))
  const settings = (...path: string[]): string => textAt(task, 'Settings', ...path)

  it('keeps to the bounds of the schema', () => {
    expect(task).toMatchObject({
      name: 'Task',
      attributes: { version: '1.2', xmlns: 'http://schemas.microsoft.com/windows/2004/02/mit/task' },
    })
    // xs:unsignedByte from 1; PT1M to P31D; 0 to 10.
    const count = Number(settings('RestartOnFailure', 'Count'))
    expect(Number.isInteger(count) && count >= 1 && count <= 255).toBe(true)
    for (const interval of [
      settings('RestartOnFailure', 'Interval'),
      textAt(task, 'Triggers', 'TimeTrigger', 'Repetition', 'Interval'),
    ]) {
      expect(secondsOf(interval)).toBeGreaterThanOrEqual(SECONDS.M)
      expect(secondsOf(interval)).toBeLessThanOrEqual(31 * SECONDS.D)
    }
    expect(Number(settings('Priority'))).toBeLessThanOrEqual(10)
    const principal = task.children.find(({ name }) => name === 'Principals')?.children[0]?.attributes['id']
    expect(task.children.find(({ name }) => name === 'Actions')?.attributes['Context']).toBe(principal)
  })

  it('is started with the machine and again when it has ended, once, without an end', () => {
    expect(textAt(task, 'Triggers', 'BootTrigger', 'Enabled')).toBe('true')
    expect(textAt(task, 'Triggers', 'TimeTrigger', 'Repetition', 'Interval')).toBe('PT1M')
    expect(settings('MultipleInstancesPolicy')).toBe('IgnoreNew')
    expect(secondsOf(settings('ExecutionTimeLimit'))).toBe(0)
  })

  it('has the name that installer and guide know it by', () => {
    const name = 'PSWebHost Cluster node'
    expect(readFileSync(join(WINDOWS, 'installer.nsi'), 'utf8')).toContain(`!define SERVICE "${name}"`)
    expect(readFileSync(join(ROOT, 'docs', 'install.md'), 'utf8')).toContain(`schtasks /Create /TN "${name}"`)
  })
})
