/** A task of the pictures in a few words; story.ts makes it whole. */
export interface Outline {
  name: string
  app: string
  schedule: string | null
  tags: string[]
  seconds: number
  group?: string
  role?: string
  description: string
  says: string
  badOneIn?: number
  badState?: 'Failed' | 'Timeout' | 'Lost'
  error?: string
  brokenFor?: number
  enabled?: boolean
}

const FAILED = { badState: 'Failed' as const }

/** Tasks there is one of. */
export const SINGLE: Outline[] = [
  {
    name: 'Export orders to SAP',
    app: 'Exports',
    schedule: '*/30 6-19 * * 1-5',
    tags: ['sap', 'sla'],
    seconds: 85,
    role: 'frontend',
    description: 'Hands the orders of the last half hour to SAP; accounting waits for them.',
    says: '312 orders read, 312 accepted',
    ...FAILED,
    error: 'ERROR 401 Unauthorized: client "shop-export" is not allowed to post to /orders',
    brokenFor: 6,
  },
  {
    name: 'Renew wildcard certificate',
    app: 'Certificates',
    schedule: '30 12 * * *',
    tags: ['tls'],
    seconds: 1,
    group: 'core',
    description: 'Asks the authority for a new certificate when fewer than 30 days are left.',
    says: 'certificate is valid for 61 days: nothing to do',
    ...FAILED,
    error: 'acme: rate limit reached, try again after 02:14 UTC',
    brokenFor: 1,
  },
  {
    name: 'Rebuild search index',
    app: 'Web',
    schedule: '5 * * * *',
    tags: ['search'],
    seconds: 640,
    description: 'Full index of the shop, in the shadow of the live one.',
    says: '48211 documents indexed, alias moved',
    badOneIn: 9,
    badState: 'Timeout',
    error: 'the run took longer than its timeout of 15 m',
    brokenFor: 1,
  },
  {
    name: 'Mirror file shares',
    app: 'Storage',
    schedule: '*/15 * * * *',
    tags: ['files'],
    seconds: 212,
    group: 'edge',
    description: 'Copies what changed on the shares of the branch offices.',
    says: 'copied 1204 files, 3 changed, 0 failed',
    badOneIn: 14,
    badState: 'Lost',
    error: 'the node ended while the run was going on',
    brokenFor: 1,
  },
  {
    name: 'Purge GDPR requests',
    app: 'Identity',
    schedule: '0 3 1 * *',
    tags: ['gdpr'],
    seconds: 52,
    description: 'Deletes what people asked to have deleted, and keeps the proof.',
    says: '17 requests, 17 deleted',
  },
  {
    name: 'Reindex audit archive',
    app: 'Maintenance',
    schedule: null,
    tags: ['storage'],
    seconds: 2210,
    role: 'worker',
    description: 'By hand, after a restore.',
    says: 'reindexed 9 of 9 segments',
    enabled: false,
  },
  {
    name: 'Verify restore of full backup',
    app: 'Backups',
    schedule: '30 2 * * 0',
    tags: ['backup', 'audit'],
    seconds: 4125,
    group: 'core',
    description: 'Restores the newest full backup into an empty server and compares counts.',
    says: 'restored in 1 h 06 m, 214 tables equal',
  },
  {
    name: 'Fetch bank statements',
    app: 'Finance',
    schedule: '*/20 * * * 1-5',
    tags: ['finance', 'sla'],
    seconds: 18,
    role: 'relay',
    description: 'MT940 files of all accounts.',
    says: '4 accounts, 2 new statements',
    badOneIn: 25,
    ...FAILED,
    error: 'sftp: connection to bank.example closed by remote host',
  },
]
