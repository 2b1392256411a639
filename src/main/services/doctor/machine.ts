import { chmod, stat, statfs } from 'node:fs/promises'
import type { TlsInfo } from '../../../shared/domain/system.ts'
import { isoOf, type Clock } from '../../platform/clock.ts'
import type { Interpreter } from '../../exec/interpreters.ts'
import { fine, problem, type Check } from '../doctor.ts'

/** What the doctor looks at on this machine: disk, clock, interpreters, permissions of private files. */

const GIGABYTE = 1_073_741_824

export const diskCheck = (dataDir: string): Check => ({
  id: 'disk',
  what: 'Free disk space',
  look: async () => {
    const space = await statfs(dataDir)
    const free = space.bavail * space.bsize
    const detail = `${(free / GIGABYTE).toFixed(1)} GB free at ${dataDir}`
    if (free > GIGABYTE) return [fine(detail)]
    return [
      problem(
        free > GIGABYTE / 10 ? 'warning' : 'error',
        `${detail}; runs and changes need room`,
        'free some space',
      ),
    ]
  },
})

/** A clock before the program was built, or behind the newest change, makes slots fire twice or never. */
export const clockCheck = (clock: Clock, newestChange: () => Promise<string | null>): Check => ({
  id: 'clock',
  what: 'This machine’s clock',
  look: async () => {
    const now = isoOf(clock.now())
    const newest = await newestChange()
    if (newest !== null && Date.parse(newest) - clock.now() > 60_000)
      return [
        problem('error', `it says ${now}, but the newest change was made at ${newest}`, 'set the clock'),
      ]
    return [fine(now)]
  },
})

export const interpreterCheck = (
  interpreters: () => readonly Interpreter[],
  needed: () => Promise<Set<string>>,
): Check => ({
  id: 'interpreters',
  what: 'Interpreters',
  look: async () => {
    const wanted = await needed()
    return interpreters()
      .filter((one) => one.available || wanted.has(one.type))
      .map((one) =>
        one.available
          ? fine(`${one.type}: ${one.path ?? 'built in'}${one.version ? ` (${one.version})` : ''}`)
          : problem(
              'warning',
              `${one.type}: ${one.reason ?? 'not found'}, and tasks need it`,
              `install it, or name it in execution.interpreters`,
            ),
      )
  },
})

const DAY_MS = 86_400_000
/** Time enough for whoever orders a certificate. */
const SOON_MS = 14 * DAY_MS

export const certificateCheck = (tls: TlsInfo, clock: Clock): Check => ({
  id: 'certificate',
  what: 'Certificate of the API',
  look: () => {
    const left = Date.parse(tls.validUntil) - clock.now()
    const detail = `${tls.own ? 'your own' : 'made by the node'}, until ${tls.validUntil}, fingerprint ${tls.fingerprint}`
    if (left > SOON_MS) return Promise.resolve([fine(detail)])
    const fix = tls.own
      ? 'put a new one in place of the files of api.tls; it is used within a minute'
      : 'restart the node, which makes a new one'
    return Promise.resolve([problem(left > 0 ? 'warning' : 'error', detail, fix)])
  },
})

/** Files that hold keys and tokens, and the folder they lie in, belong to their owner alone. */
export const permissionCheck = (paths: readonly { path: string; mode: number }[]): Check => ({
  id: 'permissions',
  what: 'Permissions of private files',
  look: async (fix) => {
    if (process.platform === 'win32') return [fine('kept by the user profile’s own access list')]
    const findings = []
    for (const { path, mode } of paths) {
      const found = await stat(path).catch(() => null)
      if (found === null || (found.mode & 0o077) === 0) continue
      const detail = `${path} can be read by others (mode ${(found.mode & 0o777).toString(8)})`
      const advice = `chmod ${mode.toString(8)} ${path}`
      if (fix) await chmod(path, mode)
      findings.push({ ...problem('error', detail, advice), fixable: true, ...(fix ? { fixed: true } : {}) })
    }
    return findings.length > 0 ? findings : [fine('owner only')]
  },
})
