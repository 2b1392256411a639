import type { Isolation, MissingScript } from '../../src/shared/domain/node.ts'

/** The machines of the company of the pictures, besides the one that the pictures are taken of. */

export interface CompanyNode {
  name: string
  group: string | null
  role: string | null
  address: string
  slots: number
  running: number
  tags: string[]
  platform: string
  version: string
  types: string[]
  /** Seconds since its last heartbeat when a picture is taken. */
  beat: number
  offset: number
  draining?: { minutes: number; by: string; reason: string }
  retired?: { days: number; by: string; reason: string }
  missing?: Pick<MissingScript, 'taskName' | 'scriptPath' | 'reason'>[]
  isolation?: Isolation[]
}

const LINUX = { platform: 'linux x64', version: '0.1.0', types: ['bash', 'node', 'python', 'powershell'] }
const WINDOWS = { platform: 'win32 x64', version: '0.1.0', types: ['powershell', 'cmd', 'node'] }

const worker = (part: Partial<CompanyNode> & Pick<CompanyNode, 'name' | 'address'>): CompanyNode => ({
  ...{ group: 'core', role: 'worker', slots: 4, running: 0, tags: [], beat: 3, offset: 4 },
  ...LINUX,
  ...part,
})

export const COMPANY: readonly CompanyNode[] = [
  worker({
    name: 'edge-fra-01',
    group: 'edge',
    role: 'relay',
    address: '10.40.1.11',
    tags: ['frankfurt', 'uplink-a'],
    beat: 1705,
    offset: 21,
    isolation: [
      { feature: 'user', available: true, reason: null },
      { feature: 'bubblewrap', available: false, reason: 'bwrap is not installed' },
      { feature: 'cgroup', available: true, reason: null },
    ],
  }),
  worker({
    name: 'file-01',
    group: 'storage',
    role: 'file',
    address: '10.20.3.11',
    slots: 6,
    running: 2,
    beat: 4,
    offset: 12,
    draining: { minutes: 12, by: 'j.novak', reason: 'kernel update' },
  }),
  worker({ name: 'db-01', group: 'db', role: 'primary', address: '10.20.2.11', running: 1, beat: 3 }),
  worker({ name: 'db-02', group: 'db', role: 'standby', address: '10.20.2.12', beat: 7, offset: 9 }),
  worker({
    ...WINDOWS,
    name: 'desk-anna',
    group: null,
    role: 'admin',
    address: '10.10.7.83',
    slots: 0,
    beat: 1,
    offset: 31,
  }),
  worker({
    name: 'edge-muc-02',
    group: 'edge',
    role: 'relay',
    address: '10.41.1.12',
    running: 1,
    tags: ['munich'],
    beat: 6,
    offset: 1420,
    missing: [
      {
        taskName: 'Check uplink Graz',
        scriptPath: 'network/check-uplink-graz.sh',
        reason: 'there is no such file below its script roots',
      },
    ],
  }),
  worker({ name: 'ops-02', address: '10.20.1.12', slots: 8, running: 1, beat: 9, offset: 2 }),
  worker({
    name: 'ops-03',
    address: '10.20.1.13',
    slots: 8,
    beat: 5,
    offset: 11,
    version: '0.0.9',
    missing: [
      {
        taskName: 'Verify restore of customers',
        scriptPath: 'backup/verify-restore.sh',
        reason: 'there is no such file below its script roots',
      },
      {
        taskName: 'Renew wildcard certificate',
        scriptPath: 'certificates/renew-wildcard-certificate.sh',
        reason: 'its hash is not the pinned one',
      },
    ],
  }),
  worker({ name: 'web-01', group: 'web', role: 'frontend', address: '10.30.1.21', running: 1, beat: 2 }),
  worker({
    name: 'web-02',
    group: 'web',
    role: 'frontend',
    address: '10.30.1.22',
    running: 2,
    beat: 8,
    offset: -38,
  }),
  worker({
    name: 'web-00',
    group: 'web',
    role: 'frontend',
    address: '10.30.1.20',
    beat: 9 * 86_400,
    retired: { days: 9, by: 'a.weber', reason: 'replaced by web-02' },
  }),
]
