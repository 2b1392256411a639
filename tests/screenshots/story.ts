import type { TaskInputRaw } from '../../src/shared/domain/task.ts'
import { SINGLE, type Outline } from './outlines.ts'
import { DATABASES, PER_DATABASE, PER_SITE, SITES } from './repeated-outlines.ts'

/*
 * The company of the pictures: what an administrator of some dozen hosts would have here. Everything derives
 * from these lists, so that two sets of pictures show the same tasks.
 */

/** How a task's past looks: the usual run, and what goes wrong with it. */
export interface Habit {
  /** Length of a usual run in seconds. */
  seconds: number
  /** One in so many runs ends badly; 0: none does. */
  badOneIn: number
  badState: 'Failed' | 'Timeout' | 'Lost'
  error: string
  /** So many of the newest runs ended badly. */
  brokenFor: number
  output: string
}

export interface StoryTask {
  input: TaskInputRaw
  habit: Habit
  /** The script as it is on disk; pictures of the editor show it. */
  script: string
}

const scriptOf = ({ name, description, says, seconds }: Outline): string =>
  `#!/usr/bin/env bash
# ${name}: ${description}
set -euo pipefail

target="\${PSWEBHOST_PARAM_TARGET:-local}"
started=$(date +%s)

log() { printf '%s  %s\\n' "$(date +%T)" "$*"; }

log "start on $PSWEBHOST_NODE_NAME for $target"
for step in prepare work verify; do
  log "$step"
  sleep ${Math.min(seconds, 30) / 100}
done
log "${says}"
log "done in $(( $(date +%s) - started )) s"
`

const slug = (name: string): string =>
  name
    .normalize('NFD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')

/** The lock group of `open-story.ts` that a task waits for room in. */
const lockOf = (name: string): string | null => {
  if (name.includes('SAP')) return 'sap'
  if (name.startsWith('Back up')) return 'backup-target'
  return /^(Refresh views|Reindex)/.test(name) ? 'reporting-db' : null
}

const taskOf = (outline: Outline): StoryTask => {
  const { name, app, schedule, tags, seconds, group, role, description } = outline
  const lock = lockOf(name)
  return {
    input: {
      taskName: name,
      appName: app,
      description,
      schedule,
      timeZone: 'Europe/Berlin',
      scriptPath: `${slug(app)}/${slug(name)}.sh`,
      tags,
      enabled: outline.enabled ?? true,
      timeout: Math.max(300, seconds * 4),
      maxRetries: 0,
      ...(lock && { limits: { locks: [lock] } }),
      parameters: { target: name.split(' ').at(-1) ?? '', keepDays: 14, verbose: false },
      // One node of the pictures has every task: targets are shown, and all of them are this node's own.
      ...(group && { assignedNodeGroup: group }),
      ...(role && !group && { assignedNodeRole: role }),
    },
    habit: {
      seconds,
      badOneIn: outline.badOneIn ?? 0,
      badState: outline.badState ?? 'Failed',
      error: outline.error ?? 'the script ended with exit code 1',
      brokenFor: outline.brokenFor ?? 0,
      output: outline.says,
    },
    script: scriptOf(outline),
  }
}

const named = (outline: Outline, name: string): Outline => ({ ...outline, name: `${outline.name} ${name}` })

/** Every task of the pictures: some hundred and forty. */
export const storyTasks = (): StoryTask[] =>
  [
    ...SINGLE,
    ...SITES.flatMap((site) => PER_SITE.map((outline) => named(outline, site))),
    ...DATABASES.flatMap((name) => PER_DATABASE.map((outline) => named(outline, name))),
  ].map(taskOf)
