import { setImmediate } from 'node:timers/promises'
import type { ImportItem, ImportResult } from '../../shared/domain/import-result.ts'
import { planSteps } from '../../shared/domain/import/plan.ts'
import type { ImportPlan, PlanInput, PlanItem, SourceFile } from '../../shared/domain/import/types.ts'
import type { Clock } from '../platform/clock.ts'
import { requireRole, type Caller } from './caller.ts'
import type { ImportTasks } from './import/import-tasks.ts'
import { readInstallation } from './import/read-installation.ts'
import { writePlan, type OnItem } from './import/write-plan.ts'
import type { Services } from './services.ts'

/** Import from PSWebHost installations and from our own exports: a plan first, then its writes. */

export interface ImportDeps {
  tasks: ImportTasks
  clock: Clock
  timeZone: string
  /** The roots as they stand now: absolute paths. */
  scriptRoots: () => readonly string[]
  /** Makes folders script roots, in app.yaml and at once. */
  addScriptRoots: (roots: readonly string[]) => Promise<void>
  node: {
    nodeId: () => string
    /** Takes the id over when this node never registered; false when it is too late for that. */
    adopt: (nodeId: string) => Promise<boolean>
    /** Whether `adopt` would succeed, for the plan. */
    canAdopt: () => Promise<boolean>
  }
}

interface Options {
  dryRun: boolean
  cron: 'standard' | 'legacy'
  extraRoots: readonly string[]
  onItem?: OnItem | undefined
}

export const createImport = (deps: ImportDeps): Services['import'] => ({
  importFiles: async (caller, { files, dryRun, cron }) => {
    requireRole(caller, 'admin')
    return runImport(deps, caller, files, [], { dryRun, cron, extraRoots: [] })
  },
  importPaths: async (caller, { paths, dryRun, cron, addScriptRoot, onItem }) => {
    requireRole(caller, 'admin')
    const found = await Promise.all(paths.map(readInstallation))
    const roots = addScriptRoot ? found.flatMap(({ root }) => (root === null ? [] : [root])) : []
    const extraRoots = [...new Set(roots)].filter((root) => !deps.scriptRoots().includes(root))
    // Roots first: the tasks' first run may be due as soon as they are there.
    if (extraRoots.length > 0 && !dryRun) await deps.addScriptRoots(extraRoots)
    const unreadable = found.flatMap((installation) => installation.unreadable.map(unreadableItem))
    const files = found.flatMap((installation) => installation.files)
    return runImport(deps, caller, files, unreadable, { dryRun, cron, extraRoots, onItem })
  },
})

const unreadableItem = ({ path, reason }: { path: string; reason: string }): PlanItem => ({
  item: { source: path, name: null, appName: null, action: 'skipped', reason, warnings: [] },
  write: null,
})

const runImport = async (
  deps: ImportDeps,
  caller: Caller,
  files: readonly SourceFile[],
  unreadable: readonly PlanItem[],
  { dryRun, cron, extraRoots, onItem }: Options,
): Promise<ImportResult> => {
  const { clock, timeZone, tasks } = deps
  const scriptRoots = [...deps.scriptRoots(), ...extraRoots]
  const existing = await tasks.list()
  const input = { files, cron, existing, scriptRoots, timeZone, now: clock.now() }
  const plan = await planInSlices(input, clock)
  const planned = [...plan.items, ...unreadable]
  const items = dryRun
    ? planned.map(({ item }) => item)
    : await writePlan(planned, { caller, batch: tasks.batch, clock, onItem })
  if (plan.node) items.push(await nodeItem(deps, plan.node, dryRun))
  return { ...countActions(items), items, nodeId: plan.node?.nodeId ?? null }
}

/** A node that imports thousands of tasks still has to renew leases and start what is due. */
const SLICE_MS = 15

const planInSlices = async (input: PlanInput, clock: Clock): Promise<ImportPlan> => {
  const steps = planSteps(input)
  const items: PlanItem[] = []
  let end = clock.monotonic() + SLICE_MS
  for (;;) {
    const step = steps.next()
    if (step.done) return { items, node: step.value }
    items.push(step.value)
    if (clock.monotonic() < end) continue
    await setImmediate()
    end = clock.monotonic() + SLICE_MS
  }
}

export const countActions = (
  items: readonly ImportItem[],
): Pick<ImportResult, 'created' | 'updated' | 'unchanged' | 'skipped'> => {
  const count = (action: ImportItem['action']): number =>
    items.filter((item) => item.action === action).length
  return {
    created: count('created'),
    updated: count('updated'),
    unchanged: count('unchanged'),
    skipped: count('skipped'),
  }
}

/** `WebServer.guid` becomes the node's id as long as nobody knows this node by another one. */
const nodeItem = async (
  { node }: ImportDeps,
  { nodeId, source }: NonNullable<ImportPlan['node']>,
  dryRun: boolean,
): Promise<ImportItem> => {
  const item = { source, name: null, appName: null, warnings: [] }
  const current = node.nodeId()
  if (current === nodeId) return { ...item, action: 'unchanged', reason: `the node id is ${nodeId} already` }
  if (dryRun ? await node.canAdopt() : await node.adopt(nodeId))
    return { ...item, action: 'updated', reason: `WebServer.guid ${nodeId} becomes the node id` }
  const warning = `WebServer.guid ${nodeId} is not taken over: this node is registered as ${current} and keeps that id`
  return { ...item, action: 'unchanged', warnings: [warning] }
}
