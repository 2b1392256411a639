import type { LimitField, TaskField } from './task.ts'

/**
 * What each field of a task means: its unit, its default, and what it is to have none. The schemas carry these texts
 * into the API's description, and the editor shows them; here and not there, so that a page has them without the
 * schemas.
 */
export const TASK_HELP: Readonly<Record<TaskField, string>> = {
  taskName: 'What lists and failures call it; no other task of the same app has it. At most 200 characters.',
  appName: 'The application it belongs to: lists can be filtered by it. Default: none.',
  description: 'What it is for and whom to ask, for whoever finds it failed one night. Default: none.',
  scriptPath:
    'Relative to a script root of the node, or absolute inside one. Nothing outside the roots is run.',
  scriptType:
    'What runs the script. Default: as its extension says (.ps1 PowerShell, .sh bash, .js and .ts Node, .py Python), else the file itself where it may be executed.',
  scriptHash:
    'SHA-256 of the script, 64 hexadecimal digits: a file with another one is not run. Default: not pinned, the file may change.',
  schedule: 'When it runs by itself. Default: never, only when somebody asks for it.',
  timeZone:
    'The zone that times of the schedule are meant in: an IANA name like Europe/Berlin, or UTC. “node” is each node’s own, for tasks that run on all nodes. Default: that of the node that saves it, then kept.',
  enabled: 'A disabled task does not follow its schedule; it can still be run when asked. Default: enabled.',
  assignedNodeId: 'The only node that runs it; while that one is away, its runs wait. Default: any node.',
  assignedNodeGroup: 'Only nodes of this group run it; with a role, only those that have both. Default: any.',
  assignedNodeRole: 'Only nodes of this role run it; with a group, only those that have both. Default: any.',
  runOn:
    'Whether one of the nodes that match takes each slot, or every one of them does. Default: all where a group is set, else one.',
  priority: 'Of the runs that wait, those of the higher number start first: -1000 to 1000. Default: 0.',
  timeout: 'Seconds after which a run is stopped as Timed out. Default: none, it may run for ever.',
  maxRetries:
    'How often a run is tried again after Failed, Timed out or Lost, not after Stopped: 0 to 100. Default: 0, never.',
  retryDelay: 'Seconds from the end of a run to its first retry. Default: 60.',
  retryBackoff:
    'Each further retry waits so many times longer than the one before: 1 to 10. Default: 1, always the same.',
  overlapPolicy:
    'When a slot comes and the run before still goes on: Skip leaves it out, Queue lets one run wait, Parallel runs both. Default: Skip.',
  misfirePolicy:
    'Slots that passed while nothing could run them (nodes down, database away): Skip leaves them out, Last runs the latest, All runs each, one by one. Default: Last.',
  misfireWindow: 'Seconds: slots that were missed longer ago are not made up for. Default: 86400, one day.',
  onLeaseLost:
    'When its node loses the database in the middle of a run: Finish lets the script end and tells the result later, Kill ends it before another node may start it again. Default: Finish.',
  limits: 'What its runs may use; a limit set here wins over that of the node. Default: as the node says.',
  tags: 'Words to filter and to choose many tasks by, at most 50. Default: none.',
  parameters:
    'Values for the script, as one JSON document on its input and as PSWEBHOST_PARAM_<NAME>. A secret is encrypted before it is stored, never shown again and masked in output. Default: none.',
  environment:
    'Variables for the script besides a minimal environment; PATH and others that would change the interpreter are refused. A secret is kept as in parameters. Default: none.',
}

/** Of the choice between the fields that name nodes, which is one of the editor's. */
export const TARGET_HELP =
  'Which nodes may run it: each that can run its script, a single one, or those of a group, a role or both. Default: any.'

export const LIMIT_HELP: Readonly<Record<LimitField, string>> = {
  maxConcurrent: 'Runs of this task at once, in the whole cluster: 1 to 1000. Default: as the node says.',
  memoryMb: 'MB that a run may use with all its processes, from 16. Default: as the node says.',
  cpuSeconds: 'Seconds of processor time that a run may use. Default: as the node says.',
  processes: 'Processes that a run may have at once. Default: as the node says.',
  outputBytes:
    'Bytes of output that are kept of a run, 1024 to 67108864 (64 MB); what is beyond is cut. Default: as the node says.',
  locks:
    'A run waits while a lock group it names has no room, whichever task or node took it. At most 20. Default: none.',
}

/** The fields of a schedule, whichever kinds have them. */
export const SCHEDULE_HELP = {
  cron: 'Minute hour day month weekday; six fields start with the second. Names, ranges, steps, L and # work.',
  everySeconds: 'How long from one slot to the next: from one second to ten years.',
  anchor:
    'A slot that the others are counted from. Default: midnight of 1 January 1970, so that they fall on round times.',
  at: 'The one time it runs, like 2026-12-24T08:30 in the zone of the task, or with Z in UTC.',
  dates: 'The days on which it runs, like 2026-12-24; at most 1000.',
  time: 'The time of day at which it runs on each of them, like 08:30, in the zone of the task.',
  start: 'No slot before this time, like 2026-12-24T08:30. Default: at once.',
  end: 'No slot after this time, like 2027-01-31T00:00. Default: for ever.',
  jitterSeconds:
    'Each run starts up to so many seconds late, so that not everything starts at once. Default: 0.',
  blackouts:
    'Times without slots, at most 50: from one time to another, or for so many minutes from each time of a cron expression. Default: none.',
} as const
