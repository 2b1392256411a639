import { copyFile, mkdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { z } from 'zod'
import type { PlanItem } from '../../shared/domain/import/types.ts'
import { parametersSchema } from '../../shared/domain/secret.ts'
import { taskInputSchema } from '../../shared/domain/task.ts'
import type { Clock } from '../platform/clock.ts'
import { requireRole } from './caller.ts'
import { countActions } from './import.ts'
import type { ImportTasks } from './import/import-tasks.ts'
import { writePlan } from './import/write-plan.ts'
import type { Services } from './services.ts'

/** Ready-made tasks: their scripts are copied into this node's script root, where people may change them. */

const manifestSchema = z.array(
  z.strictObject({
    name: z.string(),
    title: z.string(),
    description: z.string(),
    script: z.string(),
    schedule: z.json(),
    parameters: parametersSchema,
    tags: z.array(z.string()),
  }),
)
type SampleEntry = z.infer<typeof manifestSchema>[number]

export interface SamplesDeps {
  /** `resources` of the program; below it `samples/samples.json` and the scripts. */
  resourcesDir: string
  /** `DIR/scripts` of this node: a script root unless its configuration says otherwise. */
  scriptsDir: string
  tasks: ImportTasks
  clock: Clock
}

/** The app that imported samples belong to, so that a name of a person's own task never collides. */
export const SAMPLES_APP = 'Samples'
const FOLDER = 'samples'
/** What the samples share; copied along. */
const SHARED_SCRIPT = 'task.mjs'

export const createSamples = (deps: SamplesDeps): Services['samples'] => ({
  list: async () => {
    const listed = []
    for (const sample of await readManifest(deps.resourcesDir)) {
      const { name, title, description, schedule, tags } = sample
      const imported = (await deps.tasks.find(title, SAMPLES_APP)) !== null
      listed.push({ name, title, description, schedule, tags, imported })
    }
    return listed
  },
  import: async (caller, names, { enabled }) => {
    requireRole(caller, 'admin')
    const samples = await readManifest(deps.resourcesDir)
    const plan: PlanItem[] = []
    for (const name of new Set(names)) plan.push(await planSample(deps, name, samples, enabled))
    const items = await writePlan(plan, { caller, batch: deps.tasks.batch, clock: deps.clock })
    return { ...countActions(items), items }
  },
})

const readManifest = async (resourcesDir: string): Promise<SampleEntry[]> =>
  manifestSchema.parse(JSON.parse(await readFile(path.join(resourcesDir, FOLDER, 'samples.json'), 'utf8')))

/** A sample that is there already stays as people have made it, task and script. */
const planSample = async (
  deps: SamplesDeps,
  name: string,
  samples: readonly SampleEntry[],
  enabled: boolean,
): Promise<PlanItem> => {
  const sample = samples.find((one) => one.name === name)
  const at = { source: `samples/${name}`, name: sample?.title ?? null, appName: SAMPLES_APP, warnings: [] }
  if (!sample) {
    const reason = `there is no sample "${name}"; there are ${samples.map((one) => one.name).join(', ')}`
    return { item: { ...at, action: 'skipped', reason }, write: null }
  }
  const known = await deps.tasks.find(sample.title, SAMPLES_APP)
  if (known) return { item: { ...at, action: 'unchanged', taskId: known.taskId }, write: null }

  const kept = await copyScripts(deps, sample)
  const { title, description, schedule, parameters, tags } = sample
  // Relative to the script root, so that the task moves to other nodes unchanged.
  const scriptPath = `${FOLDER}/${sample.script}`
  const input = {
    taskName: title,
    appName: SAMPLES_APP,
    description,
    scriptPath,
    schedule,
    enabled,
    parameters,
    tags,
  }
  const warnings = kept.map((file) => `${file} was there already, with other content, and is kept`)
  return {
    item: { ...at, action: 'created', warnings },
    write: { kind: 'create', input: taskInputSchema.parse(input) },
  }
}

/** Copies what is missing; answers the files that differ and were left alone. */
const copyScripts = async (
  { resourcesDir, scriptsDir }: SamplesDeps,
  { script }: SampleEntry,
): Promise<string[]> => {
  const target = path.join(scriptsDir, FOLDER)
  await mkdir(target, { recursive: true })
  const kept: string[] = []
  for (const name of [SHARED_SCRIPT, script]) {
    const from = path.join(resourcesDir, FOLDER, name)
    const to = path.join(target, name)
    const present = await readFile(to).catch(() => null)
    if (present === null) await copyFile(from, to)
    else if (!present.equals(await readFile(from))) kept.push(to)
  }
  return kept
}
