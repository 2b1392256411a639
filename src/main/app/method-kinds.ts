import type { Services } from '../services/services.ts'

/**
 * What a call may do while a restore waits for scripts to end. A write would be thrown away with the database it
 * went to, so it is refused; reads go on. `state` is answered at once, without the database.
 */
export type MethodKind = 'read' | 'write' | 'stream' | 'restore' | 'state'

/** Events come from the node, not from its inside: they go on across a restore. */
export type InsideServices = Omit<Services, 'events'>

/** Only methods that promise their answer are refused by it (switchboard.ts). */
type KindOf<Method> = Method extends (...args: never[]) => Promise<unknown>
  ? Exclude<MethodKind, 'stream' | 'state'>
  : 'stream' | 'state'

type KindTable = {
  [Area in keyof InsideServices]: { [Name in keyof InsideServices[Area]]: KindOf<InsideServices[Area][Name]> }
}

/** One kind per method: leaving one out does not compile. */
export const KIND_OF: KindTable = {
  tasks: {
    list: 'read',
    get: 'read',
    create: 'write',
    update: 'write',
    remove: 'write',
    validate: 'read',
    scheduleRows: 'read',
    exportAll: 'read',
    placements: 'read',
  },
  schedules: { preview: 'state', upcoming: 'read', calendar: 'read' },
  scripts: { preview: 'read' },
  // Stopping a script acts on the script; it is how an impatient person ends the wait of a restore.
  runs: {
    start: 'write',
    list: 'read',
    get: 'read',
    stats: 'read',
    stop: 'read',
    stopTask: 'read',
    output: 'stream',
  },
  changes: { list: 'read', get: 'read', revert: 'write' },
  nodes: {
    list: 'read',
    get: 'read',
    update: 'write',
    drain: 'write',
    retire: 'write',
    tasks: 'read',
    upcoming: 'read',
    register: 'write',
    heartbeat: 'write',
  },
  cluster: { get: 'read', stop: 'write', resume: 'write' },
  joinTokens: { list: 'read', create: 'write', revoke: 'write', join: 'write' },
  locks: { list: 'read', create: 'write', update: 'write', remove: 'write' },
  sync: { status: 'read', trigger: 'write', pending: 'read', giveUp: 'write' },
  conflicts: { list: 'read', get: 'read', resolve: 'write' },
  failures: {
    ...{ list: 'read', counts: 'read', get: 'read' },
    ...{ acknowledge: 'write', acknowledgeMany: 'write', reopen: 'write' },
  },
  webhooks: {
    ...{ list: 'read', create: 'write', update: 'write', renewSecret: 'write' },
    ...{ remove: 'write', test: 'read', calls: 'read' },
  },
  runtime: { jobs: 'state', runspaces: 'state', tasks: 'state' },
  import: { importFiles: 'write', importPaths: 'write' },
  samples: { list: 'read', import: 'write' },
  // Verifying notes when a token was last used; that may be lost.
  tokens: { list: 'read', create: 'write', revoke: 'write', verify: 'read' },
  settings: { get: 'read', update: 'write' },
  // Nothing of it is in a database.
  desktop: { list: 'read', change: 'read' },
  database: {
    current: 'read',
    test: 'read',
    createSchema: 'write',
    // It reads the database until its end, and what it copied would not be what was restored.
    copy: 'write',
    switchTo: 'write',
    migrate: 'write',
  },
  system: {
    info: 'read',
    doctor: 'read',
    // A copy takes its time and needs the database until its end.
    backup: 'write',
    restore: 'restore',
    health: 'state',
    metrics: 'read',
  },
}
