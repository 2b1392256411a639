import type { AnyContractProcedure } from '@orpc/contract'
import type { localContract } from '../../shared/contract/index.ts'
import type { Role } from '../../shared/domain/role.ts'

/** One role per procedure of the contract: leaving one out does not compile. */
type RoleTable<T> = { [K in keyof T]: T[K] extends AnyContractProcedure ? Role : RoleTable<T[K]> }

/** The least role that may ask: viewer reads, operator also runs, stops and drains, admin does the rest. */
export const ROLE_OF: RoleTable<typeof localContract> = {
  tasks: {
    list: 'viewer',
    create: 'admin',
    get: 'viewer',
    update: 'admin',
    remove: 'admin',
    run: 'operator',
    stop: 'operator',
    nodes: 'viewer',
    schedule: 'viewer',
    history: 'viewer',
    // Says what saving would mean, so it is for who may save.
    validate: 'admin',
    import: 'admin',
    export: 'viewer',
  },
  // Computes and touches nothing: whoever sees a schedule may ask when it is due.
  schedules: { preview: 'viewer', upcoming: 'viewer', calendar: 'viewer' },
  scripts: { preview: 'admin' },
  history: { list: 'viewer', stats: 'viewer', get: 'viewer', output: 'viewer', stop: 'operator' },
  changes: { list: 'viewer', get: 'viewer', revert: 'admin' },
  nodes: {
    list: 'viewer',
    get: 'viewer',
    update: 'admin',
    drain: 'operator',
    retire: 'admin',
    tasks: 'viewer',
    upcoming: 'viewer',
    register: 'admin',
    heartbeat: 'admin',
  },
  cluster: { get: 'viewer', stop: 'operator', resume: 'operator' },
  joinTokens: { list: 'viewer', create: 'admin', revoke: 'admin' },
  locks: { list: 'viewer', create: 'admin', update: 'admin', remove: 'admin' },
  sync: { status: 'viewer', trigger: 'admin', pending: 'viewer', giveUp: 'admin' },
  conflicts: { list: 'viewer', get: 'viewer', resolve: 'admin' },
  failures: {
    ...{ list: 'viewer', counts: 'viewer', get: 'viewer' },
    ...{ acknowledge: 'operator', acknowledgeMany: 'operator', reopen: 'operator' },
  },
  // Their addresses may hold what lets somebody in.
  webhooks: {
    ...{ list: 'admin', create: 'admin', update: 'admin', renewSecret: 'admin' },
    ...{ remove: 'admin', test: 'admin', calls: 'admin' },
  },
  runtime: { jobs: 'viewer', runspaces: 'viewer', tasks: 'viewer' },
  samples: { list: 'viewer', import: 'admin' },
  // GET is GET, and the list holds no token.
  tokens: { list: 'viewer', create: 'admin', revoke: 'admin' },
  settings: { get: 'viewer', update: 'admin' },
  system: { info: 'viewer' },
  events: 'viewer',
  local: {
    join: 'admin',
    settings: 'admin',
    updateSettings: 'admin',
    doctor: 'admin',
    backup: 'admin',
    restore: 'admin',
    importPaths: 'admin',
    desktop: { list: 'admin', change: 'admin' },
    database: {
      current: 'admin',
      test: 'admin',
      createSchema: 'admin',
      copy: 'admin',
      switch: 'admin',
      migrate: 'admin',
    },
  },
}

const FOR_NODES: ReadonlySet<string> = new Set(['nodes.register', 'nodes.heartbeat'])

/** What the credential of a node (join token, node token) may ask besides whoever has the role. */
export const isForNodes = (path: readonly string[]): boolean => FOR_NODES.has(path.join('.'))

/** The role a procedure needs. An unknown path needs `admin`: nothing is open by omission. */
export const roleOf = (path: readonly string[]): Role => {
  let entry: unknown = ROLE_OF
  for (const name of path) {
    if (typeof entry !== 'object' || entry === null || !Object.hasOwn(entry, name)) return 'admin'
    entry = (entry as Record<string, unknown>)[name]
  }
  return entry === 'viewer' || entry === 'operator' ? entry : 'admin'
}
