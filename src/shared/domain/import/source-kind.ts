import { isLoose, property } from './values.ts'

/** Which of PSWebHost's files this is, told by its path; `below` is the part inside the installation. */
export type SourceKind =
  | { kind: 'tasks'; appName: string; below: string }
  | { kind: 'overrides'; below: string }
  | { kind: 'job'; appName: string; jobName: string; below: string }
  | { kind: 'settings'; below: string }

const PATTERNS: readonly [RegExp, (found: string[], below: string) => SourceKind][] = [
  [/apps\/([^/]+)\/config\/tasks\.ya?ml$/i, ([app], below) => ({ kind: 'tasks', appName: app ?? '', below })],
  [/PsWebHost_Data\/config\/tasks\.json$/i, (_found, below) => ({ kind: 'overrides', below })],
  [
    /apps\/([^/]+)\/jobs\/([^/]+)\/job\.json$/i,
    ([app, job], below) => ({ kind: 'job', appName: app ?? '', jobName: job ?? '', below }),
  ],
  [/config\/tasks\.ya?ml$/i, (_found, below) => ({ kind: 'tasks', appName: '', below })],
  [/config\/settings\.json$/i, (_found, below) => ({ kind: 'settings', below })],
]

export const slashed = (path: string): string => path.replaceAll('\\', '/')

/** Null when the path is none of the known places. */
export const kindByPath = (path: string): SourceKind | null => {
  const plain = slashed(path)
  for (const [pattern, build] of PATTERNS) {
    const found = new RegExp(`(?:^|/)${pattern.source}`, 'i').exec(plain)
    if (found) return build(found.slice(1), found[0].replace(/^\//, ''))
  }
  return null
}

export const EXPORT_FORMAT = 'pswebhost-cluster-tasks'

export const isExport = (value: unknown): boolean => isLoose(value) && value['format'] === EXPORT_FORMAT

/** A file outside the known places, told by what is in it (someone copied `tasks.yaml` to a desktop). */
export const kindByContent = (path: string, value: unknown): SourceKind | null => {
  if (!isLoose(value)) return null
  const below = slashed(path)
  if (Array.isArray(property(value, 'tasks')))
    return /\.json$/i.test(path) ? { kind: 'overrides', below } : { kind: 'tasks', appName: '', below }
  if (property(value, 'ScriptRelativePath') !== undefined)
    return { kind: 'job', appName: '', jobName: below.split('/').at(-2) ?? '', below }
  return null
}

export const KNOWN_PLACES =
  'config/tasks.yaml, apps/<App>/config/tasks.yaml, PsWebHost_Data/config/tasks.json, apps/<App>/jobs/<Job>/job.json, config/settings.json or an export of this program'
