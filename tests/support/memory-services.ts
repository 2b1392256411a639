import type { Caller } from '../../src/main/services/caller.ts'
import type { Services } from '../../src/main/services/services.ts'
import type { Change } from '../../src/shared/domain/change.ts'
import { createDesktopService } from '../../src/main/services/desktop-switches.ts'
import { AppError } from '../../src/shared/domain/errors.ts'
import type { ClusterEvent } from '../../src/shared/domain/events.ts'
import type { ApiToken, Role } from '../../src/shared/domain/role.ts'
import { isFinalState, outputFeed, type OutputFeed } from './output-feed.ts'
import {
  changeOf,
  findings,
  importResult,
  itemOf,
  must,
  NOW,
  page,
  runOf,
  systemInfo,
  taskOf,
  thisNode,
} from './memory-records.ts'
import { eventFeed } from './event-feed.ts'
import type { Run } from '../../src/shared/domain/run.ts'
import type { Task } from '../../src/shared/domain/task.ts'
import { memoryAnswers } from './memory-answers.ts'
import { memoryCluster } from './memory-cluster.ts'
import { memoryFailures, type MemoryFailures } from './memory-failures.ts'
import { memorySync, type MemorySync } from './memory-sync.ts'
import { memoryDatabase } from './memory-database.ts'

/** The services as a node has them, in memory: for tests of transports, which must not care what is behind. */
export interface MemoryNode {
  services: Services
  tokens: Record<Role, string>
  /** Every caller that a service was given, newest last. */
  callers: Caller[]
  /** Writes output of a run; `end` finishes it. */
  write(historyId: string, bytes: Uint8Array, end?: Run['state']): void
  emit(event: ClusterEvent): void
  /** Open event and output readers. */
  readers(): number
  passphrases: (string | undefined)[]
  sync: MemorySync
  failing: MemoryFailures
}

/** The credential of a node, besides the tokens of the roles. */
export const MEMORY_NODE_TOKEN = 'psn_of-a-node'

export const createMemoryNode = (): MemoryNode => {
  const tasks = new Map<string, Task>()
  const runs = new Map<string, { run: Run; feed: OutputFeed }>()
  const changes: Change[] = []
  const callers: Caller[] = []
  const passphrases: (string | undefined)[] = []
  const events = eventFeed()
  const issued: ApiToken[] = []
  const node = thisNode()
  let counter = 0
  const newId = (): string => `0190aaaa-1111-7000-8000-${String(++counter).padStart(12, '0')}`
  const saw = (caller: Caller): string => {
    callers.push(caller)
    return caller.actor
  }
  const tableSync = memorySync(saw)
  const failing = memoryFailures(saw, newId)
  const record = (caller: Caller, action: Change['action'], task: Task): void => {
    const about = { recordId: task.taskId, recordName: task.taskName, action }
    changes.unshift(changeOf(newId(), { ...about, changedBy: saw(caller), changeReason: caller.reason }))
  }
  const task = (id: string): Task => must(tasks.get(id), 'task', id)
  const run = (id: string): { run: Run; feed: OutputFeed } => must(runs.get(id), 'run', id)
  const tokens: Record<Role, string> = {
    viewer: 'viewer-token',
    operator: 'operator-token',
    admin: 'admin-token',
  }

  const services: Services = {
    tasks: {
      list: async (caller, filter) => {
        saw(caller)
        const wanted = [...tasks.values()].filter(({ taskName }) => taskName.includes(filter.search ?? ''))
        return page(
          wanted.sort((a, b) => a.taskName.localeCompare(b.taskName)),
          filter,
        )
      },
      get: async (caller, id) => (saw(caller), task(id)),
      create: async (caller, input) => {
        const created = taskOf(newId(), input, caller.actor)
        tasks.set(created.taskId, created)
        record(caller, 'INSERT', created)
        return created
      },
      update: async (caller, id, patch) => {
        const current = task(id)
        if (caller.ifMatch !== null && caller.ifMatch !== current.version)
          throw new AppError('CONFLICT', 'Someone else changed this task.', { current })
        const given = Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined))
        const updated = { ...current, ...given, version: current.version + 1 }
        tasks.set(id, updated)
        record(caller, 'UPDATE', updated)
        return updated
      },
      remove: async (caller, id) => {
        record(caller, 'DELETE', task(id))
        tasks.delete(id)
      },
      validate: async (caller) => {
        saw(caller)
        return { ok: true, errors: [], warnings: [], matchingNodes: [], placements: [], nextRuns: [] }
      },
      scheduleRows: async (caller, id) => (saw(caller), task(id), []),
      placements: async (caller, id) => (saw(caller), task(id), { runOn: 'One', items: [] }),
      exportAll: async (caller) => {
        saw(caller)
        const all = [...tasks.values()].map(({ taskName, scriptPath }) => ({ taskName, scriptPath }))
        return { $schema: 'x', format: 'pswebhost-cluster-tasks', version: 1, exportedAt: NOW, tasks: all }
      },
    },
    runs: {
      start: async (caller, id) => {
        saw(caller)
        const historyId = newId()
        runs.set(historyId, { run: runOf(historyId, task(id), caller.trigger), feed: outputFeed() })
        return { historyId, historyIds: [historyId] }
      },
      list: async (caller, filter) => {
        saw(caller)
        const all = [...runs.values()].map((entry) => entry.run)
        return page(
          all.filter(
            ({ taskId, state }) =>
              (filter.task?.includes(taskId) ?? true) && (filter.state?.includes(state) ?? true),
          ),
          filter,
        )
      },
      get: async (caller, id) => (saw(caller), run(id).run),
      stats: async () => ({ counts: [], capped: false }),
      stop: async (caller, id) => {
        const entry = run(id)
        entry.run = { ...entry.run, stopRequestedBy: saw(caller), stopRequestedAt: NOW }
        return entry.run
      },
      stopTask: async (caller, id) => (saw(caller), task(id), { historyIds: [] }),
      output: async function* (caller, id, options) {
        saw(caller)
        yield* run(id).feed.read(options)
      },
    },
    changes: {
      list: async (caller, filter) => (saw(caller), page(changes, filter)),
      get: async (caller, id) => {
        saw(caller)
        const change = must(
          changes.find(({ changeId }) => changeId === id),
          'change',
          id,
        )
        return { ...change, oldData: null, newData: null, diff: [] }
      },
      revert: async (caller, id, { force }) => {
        saw(caller)
        must(
          changes.find(({ changeId }) => changeId === id),
          'change',
          id,
        )
        if (!force) throw new AppError('CONFLICT', 'A later change touched it.', { data: { items: [] } })
        return { reverted: true, items: [], changeIds: [newId()] }
      },
    },
    ...memoryCluster({ saw, newId, node }),
    ...tableSync.services,
    ...failing.services,
    samples: {
      list: async (caller) => {
        saw(caller)
        const texts = { name: 'disk-space', title: 'Disk space', description: 'Warns when a disk fills up.' }
        return [{ ...texts, schedule: '0 * * * *', tags: ['samples'], imported: false }]
      },
      import: async (caller, names) => (saw(caller), importResult(names.map((name) => itemOf(name)))),
    },
    tokens: {
      list: async (caller) => (saw(caller), issued),
      create: async (caller, { role, name, expiresAt }) => {
        const createdBy = saw(caller)
        const rest = { createdBy, createdAt: NOW, expiresAt, revokedAt: null }
        const created = { tokenId: newId(), tokenName: name ?? role, role, ...rest }
        issued.push(created)
        return { ...created, token: `text-of-${created.tokenId}` }
      },
      revoke: async (caller, id) => {
        saw(caller)
        must(
          issued.find(({ tokenId }) => tokenId === id),
          'token',
          id,
        ).revokedAt = NOW
      },
      verify: async (text) => {
        const role = (['viewer', 'operator', 'admin'] as const).find((name) => tokens[name] === text)
        if (role) return { tokenId: role, tokenName: role, role }
        const shown = { tokenId: '', tokenName: 'node:n1', role: 'viewer' } as const
        return text === MEMORY_NODE_TOKEN
          ? { ...shown, node: { kind: 'node', actor: 'node:n1', nodeId: node.nodeId } }
          : null
      },
    },
    ...memoryAnswers(saw),
    database: memoryDatabase(saw),
    events: { subscribe: (signal) => events.subscribe(signal) },
    desktop: createDesktopService(null),
    system: {
      info: async (caller) => systemInfo(saw(caller), caller.role),
      doctor: async (caller, { fix }) => (saw(caller), { ok: fix, findings: findings(fix) }),
      backup: async (caller, { file, passphrase }) => {
        saw(caller)
        passphrases.push(passphrase)
        return { file, bytes: 4096 }
      },
      restore: async (caller, { file, passphrase }) => {
        saw(caller)
        passphrases.push(passphrase)
        return { restoredFrom: file }
      },
      health: () => ({ ok: true, detail: 'ok' }),
      metrics: async () => '# TYPE pswebhost_up gauge\npswebhost_up 1\n',
    },
  }

  return {
    services,
    tokens,
    callers,
    passphrases,
    sync: tableSync.sync,
    failing: failing.state,
    write: (historyId, bytes, end) => {
      const entry = run(historyId)
      entry.feed.write(bytes, end)
      if (end && isFinalState(end)) entry.run = { ...entry.run, state: end, endTime: NOW }
    },
    emit: (event) => events.emit(event),
    readers: () => events.readers() + [...runs.values()].reduce((sum, { feed }) => sum + feed.readers(), 0),
  }
}
