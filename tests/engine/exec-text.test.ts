import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { checkCommandFor } from '../../src/main/exec/check-script.ts'
import { commandFor } from '../../src/main/exec/command-line.ts'
import { minimalEnvironment, nodeDirId, parameterVariables } from '../../src/main/exec/environment.ts'
import { launchOf } from '../../src/main/exec/launch.ts'
import { limitGaps, withLimits } from '../../src/main/exec/limits.ts'
import { membersOf, parsePs, type ProcessInfo } from '../../src/main/exec/processes.ts'
import { NO_LIMITS } from '../../src/main/exec/run-spec.ts'
import { errorLines } from '../../src/main/exec/run-result.ts'
import { refusedEnvironmentNames } from '../../src/shared/domain/environment.ts'
import { specFor, WRAPPER } from './fixtures/exec-harness.ts'

const linux = { powershellWrapper: '/app/run-task.ps1', platform: 'linux', memoryMb: null } as const

describe('command lines', () => {
  it('runs PowerShell through the wrapper, without profile, and never asks', () => {
    const args = [
      '-NoLogo',
      '-NoProfile',
      '-NonInteractive',
      '-File',
      '/app/run-task.ps1',
      '-ScriptPath',
      "/s/it's.ps1",
    ]
    expect(commandFor('powershell', "/s/it's.ps1", { ...linux, interpreter: '/bin/pwsh' })).toEqual({
      command: '/bin/pwsh',
      args,
      verbatim: false,
    })
    const windows = commandFor('powershell', 'C:\\s\\a.ps1', {
      ...linux,
      interpreter: 'pwsh.exe',
      platform: 'win32',
    })
    expect(windows.args.slice(3, 6)).toEqual(['-ExecutionPolicy', 'Bypass', '-File'])
  })
  it('quotes cmd scripts so that blanks and & stay part of the path, and refuses what cannot be quoted', () => {
    const options = { ...linux, platform: 'win32', interpreter: 'C:\\Windows\\cmd.exe' } as const
    expect(commandFor('cmd', 'C:\\a b\\c&d.cmd', options)).toEqual({
      command: 'C:\\Windows\\cmd.exe',
      args: ['/d', '/s', '/c', '""C:\\a b\\c&d.cmd""'],
      verbatim: true,
    })
    expect(() => commandFor('cmd', 'C:\\%PATH%.cmd', options)).toThrow(/must not contain/)
  })
  it('puts limits in front as numbers only, and nothing of the script into the shell text', () => {
    const limits = { memoryMb: 64, cpuSeconds: 10, processes: 5, outputBytes: null }
    const inner = { command: '/bin/bash', args: ['/s/$(rm).sh'] }
    const onLinux = { limits, type: 'bash', platform: 'linux', grouped: false } as const
    const wrapped = withLimits(inner, onLinux)
    expect(wrapped.args.slice(2)).toEqual(['sh', '/bin/bash', '/s/$(rm).sh'])
    expect(wrapped.args[1]?.match(/^.*ulimit -\S+( -t)? \d+/gm)).toEqual([
      'ulimit -v 65536',
      '{ ulimit -S -t 10 && ulimit -H -t 15',
      '{ ulimit -u 5 2>/dev/null || ulimit -p 5',
    ])
    const half = { ...limits, memoryMb: 1.5 }
    expect(withLimits(inner, { limits: half, type: 'executable', platform: 'win32', grouped: false })).toBe(
      inner,
    )
    expect(() => withLimits(inner, { ...onLinux, limits: half })).toThrow(/whole number/)
    expect(withLimits(inner, { ...onLinux, limits: NO_LIMITS })).toBe(inner)
  })
  it('leaves to a control group what that limits', () => {
    const limits = { memoryMb: 64, cpuSeconds: 10, processes: 5, outputBytes: null }
    const inner = { command: '/bin/bash', args: ['/s/a.sh'] }
    const place = { type: 'bash', platform: 'linux', grouped: true } as const
    const text = withLimits(inner, { ...place, limits }).args[1]
    expect(text).toContain('ulimit -S -t 10')
    expect(text).not.toMatch(/ulimit -[vup]/)
    expect(withLimits(inner, { ...place, limits: { ...limits, cpuSeconds: null } })).toBe(inner)
  })
  it('hands PowerShell its context and parameters on stdin, its memory limit by .NET, and no secret in arguments', () => {
    const taskContext = {
      TaskName: 'T', AppName: 'A', Environment: { PASSWORD: 'planted' }, StartTime: 'now', TriggeredBy: 'Manual',
    } // prettier-ignore
    const spec = specFor('/s/a.ps1', '/s', {
      interpreter: '/bin/pwsh',
      parameters: { password: 'planted' },
      environment: { PASSWORD: 'planted' },
      limits: { ...NO_LIMITS, memoryMb: 256, outputBytes: 5000 },
      taskContext,
    })
    const deps = {
      base: { PATH: '/bin' },
      nodeDirId: 'x',
      platform: 'linux',
      powershellWrapper: WRAPPER,
    } as const
    const launch = launchOf(spec, { ...deps, maxOutputBytes: 9000 })
    expect(JSON.parse(launch.stdin)).toEqual({ parameters: { password: 'planted' }, taskContext })
    expect([launch.command, ...launch.args].join(' ')).not.toContain('planted')
    expect(launch.environment['DOTNET_GCHeapHardLimit']).toBe('10000000')
    expect(launch.maxOutputBytes).toBe(5000)
  })
  it('checks PowerShell with its own parser and quotes the path as PowerShell reads quotes', () => {
    const { args } = checkCommandFor('powershell', 'pwsh', "/s/it's\u2019.ps1") ?? { args: [] }
    expect(args.slice(0, 4)).toEqual(['-NoLogo', '-NoProfile', '-NonInteractive', '-Command'])
    expect(args[4]).toContain('Parser]::ParseFile(')
    expect(args[4]).toMatch(/ '\/s\/it''s\u2019\u2019\.ps1'$/)
  })
  it('ships a wrapper that keeps the contract of PSWebHost', () => {
    const text = readFileSync(WRAPPER, 'utf8')
    for (const part of [
      'OpenStandardInput',
      "$values['TaskContext']",
      "['Success'] -eq $false",
      'exit 1',
      '@splat',
    ])
      expect(text).toContain(part)
    // A secret must not be shown by tracing, and nothing may be evaluated from data.
    for (const absent of ['Invoke-Expression', 'Set-PSDebug', 'Write-Host'])
      expect(text).not.toContain(absent)
  })
})

describe('the environment', () => {
  it('refuses names that choose programs or load code, each with a reason', () => {
    const names = ['PATH', 'Path', 'LD_PRELOAD', 'DYLD_X', 'NODE_OPTIONS', 'BASH_ENV', 'ENV', 'PYTHONPATH', 'IFS', 'SHELLOPTS', 'PSWEBHOST_X'] // prettier-ignore
    const refused = refusedEnvironmentNames(
      Object.fromEntries([...names, 'KEEP_DAYS', 'constructor'].map((n) => [n, 'x'])),
    )
    expect(refused.map((each) => each.name)).toEqual(names)
    for (const { name, reason } of refused) expect(reason).toContain(`${name} may not be set: `)
  })
  it('keeps the minimum of the host on both families', () => {
    const host = { PATH: '/x', HOME: '/h', LC_ALL: 'C', DB_PASSWORD: 'p', Path: 'C:\\', SystemRoot: 'C:\\W' }
    expect(minimalEnvironment(host, 'linux')).toEqual({ PATH: '/x', HOME: '/h', LC_ALL: 'C' })
    expect(minimalEnvironment(host, 'win32')).toEqual({ PATH: '/x', Path: 'C:\\', SystemRoot: 'C:\\W' })
    expect(minimalEnvironment({}, 'linux')['PATH']).toContain('/usr/bin')
  })
  it('makes variables of parameters: upper case, JSON for objects, nothing that exec would refuse', () => {
    const parameters = { 'a-b.c': 'x', 'A_B_C': 'second', n: null, o: { p: 1 }, t: true, zero: 'a\0b', big: 'x'.repeat(200_000) } // prettier-ignore
    expect(parameterVariables(parameters, 'linux')).toEqual({
      PSWEBHOST_PARAM_A_B_C: 'x',
      PSWEBHOST_PARAM_N: '',
      PSWEBHOST_PARAM_O: '{"p":1}',
      PSWEBHOST_PARAM_T: 'true',
    })
    const many = Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`p${i}`, 'x'.repeat(100_000)]))
    expect(Object.keys(parameterVariables(many, 'linux'))).toHaveLength(9)
  })
  it('names a data folder without showing it', () => {
    expect(nodeDirId('/srv/a')).toMatch(/^[0-9a-f]{32}$/)
    expect(nodeDirId('/srv/a')).not.toBe(nodeDirId('/srv/b'))
  })
})

describe('what a platform cannot enforce', () => {
  it('is said for the limits that are set, and only for those', () => {
    const place = { platform: 'linux', isRoot: false, account: null, grouped: false } as const
    const root = { ...place, isRoot: true }
    expect(limitGaps(root, NO_LIMITS)).toEqual([])
    expect(limitGaps(root, { ...NO_LIMITS, processes: 5 })).toEqual([
      'processes is not enforced for root, which this node runs as',
    ])
    expect(limitGaps({ ...root, account: 'runner' }, { ...NO_LIMITS, processes: 5 })).toEqual([
      'processes counts all processes of the account runner, not only those of the run',
    ])
    expect(limitGaps({ ...place, platform: 'win32' })).toEqual([
      'memoryMb is not enforced on Windows',
      'cpuSeconds is not enforced on Windows',
      'processes is not enforced on Windows',
    ])
    expect(limitGaps({ ...place, platform: 'darwin' }, { ...NO_LIMITS, memoryMb: 5 })).toEqual([
      'memoryMb is not enforced on macOS',
    ])
    expect(limitGaps(place, { ...NO_LIMITS, memoryMb: 5 }, 'node')[0]).toMatch(/heap of a node script/)
    expect(limitGaps({ ...root, grouped: true })).toEqual([])
  })
})

describe('processes', () => {
  const at = (pid: number, parent: number, group: number, historyId: string | null = null): ProcessInfo => ({
    pid, parent, group, historyId, nodeDirId: null,
  }) // prettier-ignore

  it('of a run are those with its mark, its group, and all their descendants; never ourselves or init', () => {
    const all = [
      at(1, 0, 1),
      at(10, 1, 10, 'h'),
      at(11, 10, 10),
      at(12, 11, 12),
      at(13, 12, 13),
      at(14, 1, 14, 'h'),
    ]
    const others = [at(20, 1, 20, 'other'), at(21, 20, 20), at(30, 1, 30, 'h')]
    expect(membersOf({ historyId: 'h', pid: 10 }, [...all, ...others], 30)).toEqual([10, 11, 14, 12, 13])
    expect(membersOf({ historyId: 'none', pid: null }, all)).toEqual([])
  })
  it('are read from ps where there is no /proc', () => {
    const text = [
      '  501     1   501 Ss   /bin/bash a.sh PATH=/bin PSWEBHOST_HISTORY_ID=h-1 PSWEBHOST_NODE_DIR=d HOME=/x',
      '  502   501   501 Z    (bash) PSWEBHOST_HISTORY_ID=h-1',
      '  503   501   503 R+   sleep 1',
    ].join('\n')
    expect(parsePs(text)).toEqual([
      { pid: 501, parent: 1, group: 501, historyId: 'h-1', nodeDirId: 'd' },
      { pid: 503, parent: 501, group: 503, historyId: null, nodeDirId: null },
    ])
  })
})

describe('the reason of a failure', () => {
  it.each([
    ['', null],
    ['tar: x: Cannot open\ntar: Exiting\n', 'tar: x: Cannot open\ntar: Exiting'],
    ['Traceback (most recent call last):\n  File "a", line 1\nKeyError: 1\n', 'KeyError: 1'],
    ['a.js:1\nboom()\n^\n\nError: boom\n    at a (b:1)\n    at c (d:2)\n\nNode.js v24.1.0\n', 'Error: boom'],
    ['   only indented\r\n', 'only indented'],
  ])('of %j is %j', (stderr, reason) => {
    expect(errorLines(stderr)).toBe(reason)
  })
})
