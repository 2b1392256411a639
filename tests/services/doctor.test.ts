import { chmod, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Check } from '../../src/main/services/doctor.ts'
import { createDoctor } from '../../src/main/services/doctor.ts'
import { certificateCheck, clockCheck, interpreterCheck } from '../../src/main/services/doctor/machine.ts'
import { stillClock } from '../support/clock.ts'
import { shareEngineNode } from '../support/engine.ts'
import { homes, isOfTestServer } from '../support/homes.ts'
import { admin } from '../support/node.ts'

describe.each(homes())('$name: the doctor', (home) => {
  const shared = shareEngineNode(home)
  const findings = async (id: string, fix = false) =>
    (await shared().services.system.doctor(admin, { fix })).findings.filter((finding) => finding.id === id)

  it('finds nothing wrong with a healthy node', async () => {
    const report = await shared().services.system.doctor(admin, { fix: false })
    expect(report.findings.filter((finding) => !finding.ok && !isOfTestServer(finding.detail))).toEqual([])
    expect(report.findings.filter(({ severity }) => severity === 'error')).toEqual([])
    const ids = [
      'cluster',
      'credentials',
      'database',
      'clock',
      'disk',
      'log',
      'interpreters',
      'scripts',
      'permissions',
    ]
    expect(new Set(report.findings.map((finding) => finding.id))).toEqual(
      new Set(home.server ? [...ids, 'server'] : ids),
    )
  })

  it('names private files that others can read, and mends them when asked', async () => {
    const node = shared()
    const key = join(node.dir, 'secret.key')
    await chmod(key, 0o644)
    expect(await findings('permissions')).toMatchObject([{ ok: false, severity: 'error' }])
    expect((await stat(key)).mode & 0o777).toBe(0o644)
    expect(await findings('permissions', true)).toMatchObject([{ ok: false, fixed: true }])
    expect((await stat(key)).mode & 0o777).toBe(0o600)
    expect(await findings('permissions')).toMatchObject([{ ok: true }])
  })

  it('names the tasks whose script is missing here', async () => {
    const node = shared()
    await node.script('gone.sh', 'true\n')
    const task = await node.task({ taskName: 'orphaned', scriptPath: 'gone.sh' })
    await rm(join(node.dir, 'scripts', 'gone.sh'))
    const [finding] = await findings('scripts')
    expect(finding).toMatchObject({ ok: false, severity: 'warning' })
    expect(finding?.detail).toContain('orphaned')
    await node.services.tasks.update(admin, task.taskId, { enabled: false })
    expect(await findings('scripts')).toMatchObject([{ ok: true }])
  })
})

describe('the doctor', () => {
  it('names a clock that is behind the newest change, and interpreters that tasks need', async () => {
    const clock = stillClock('2026-01-01T00:00:00.000Z')
    const doctor = createDoctor([
      clockCheck(clock, () => Promise.resolve('2026-06-01T00:00:00.000Z')),
      interpreterCheck(
        () => [
          {
            type: 'powershell',
            path: null,
            available: false,
            reason: 'no pwsh here',
            version: null,
            extensions: [],
          },
          {
            type: 'python',
            path: null,
            available: false,
            reason: 'no python here',
            version: null,
            extensions: [],
          },
        ],
        () => Promise.resolve(new Set(['powershell'])),
      ),
    ])
    const report = await doctor({ fix: false })
    expect(report.ok).toBe(false)
    expect(report.findings.map((finding) => [finding.id, finding.severity])).toEqual([
      ['clock', 'error'],
      ['interpreters', 'warning'],
    ])
    expect(report.findings[1]?.detail).toContain('no pwsh here')
  })

  it('goes on when one check cannot be made', async () => {
    const broken: Check = { id: 'a', what: 'A', look: () => Promise.reject(new Error('no access')) }
    const fine: Check = { id: 'b', what: 'B', look: () => Promise.resolve([]) }
    const report = await createDoctor([broken, fine])({ fix: false })
    expect(report.findings).toMatchObject([{ id: 'a', ok: false, detail: 'could not look: no access' }])
  })
})

describe('the certificate of the API', () => {
  const NOW = '2026-05-01T00:00:00.000Z'
  const look = (validUntil: string, own: boolean) =>
    certificateCheck({ fingerprint: 'AB:CD', own, validUntil }, stillClock(NOW)).look(false)

  it('is fine for as long as there is time to order another', async () => {
    expect(await look('2026-06-01T00:00:00.000Z', true)).toMatchObject([
      { ok: true, detail: 'your own, until 2026-06-01T00:00:00.000Z, fingerprint AB:CD' },
    ])
  })

  it('is named with what to do before it ends', async () => {
    expect(await look('2026-05-10T00:00:00.000Z', true)).toMatchObject([
      { ok: false, severity: 'warning', fix: expect.stringContaining('api.tls') as string },
    ])
    expect(await look('2026-04-30T00:00:00.000Z', false)).toMatchObject([
      { ok: false, severity: 'error', fix: 'restart the node, which makes a new one' },
    ])
  })
})
