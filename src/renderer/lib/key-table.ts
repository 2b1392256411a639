/**
 * Every key of the window, once: what it is called in code, which keys it has, what it does in words. The hints of
 * the feet, the sheet of all keys and the palette are read from here; a view binds them by name (`use-commands.ts`).
 */

export interface KeyWords {
  /** Names as events have them (`r`, `/`, `Ctrl+s`); any of them does it. */
  keys: readonly string[]
  /** `Run now`: for the sheet and the palette; in a foot with a small letter. */
  does: string
  /** The palette offers it, too. Moving, choosing and closing are for keys alone. */
  act?: true
}

export interface KeyGroup {
  title: string
  /** The view where it acts, as the first part of an address; null: more than one. */
  view: string | null
  keys: Readonly<Record<string, KeyWords>>
}

const close: KeyWords = { keys: ['Escape'], does: 'Close' }
const save: KeyWords = { keys: ['Ctrl+s'], does: 'Save' }

export const KEY_TABLE = {
  everywhere: {
    title: 'Everywhere',
    view: null,
    keys: {
      palette: { keys: ['Ctrl+k'], does: 'Go to or do anything' },
      sheet: { keys: ['?'], does: 'All keys' },
      back: { keys: ['Alt+ArrowLeft'], does: 'Back' },
      forward: { keys: ['Alt+ArrowRight'], does: 'Forward' },
      elsewhere: { keys: ['Ctrl+Enter'], does: 'Open the link at the focus in a new window' },
    },
  },
  list: {
    title: 'Lists',
    view: null,
    keys: {
      down: { keys: ['j', 'ArrowDown'], does: 'Next row' },
      up: { keys: ['k', 'ArrowUp'], does: 'Row before' },
      open: { keys: ['Enter'], does: 'Open' },
      choose: { keys: ['x'], does: 'Choose; with Shift all rows up to here' },
      all: { keys: ['Ctrl+a'], does: 'Choose all rows shown' },
      clear: { keys: ['Escape'], does: 'Choose none' },
      search: { keys: ['/'], does: 'Search' },
    },
  },
  tasks: {
    title: 'Tasks',
    view: 'tasks',
    keys: {
      run: { keys: ['r'], does: 'Run now', act: true },
      toggle: { keys: ['e'], does: 'Enable or disable', act: true },
      create: { keys: ['n'], does: 'New task', act: true },
    },
  },
  chosen: {
    title: 'Chosen tasks',
    view: 'tasks',
    keys: {
      run: { keys: ['r'], does: 'Run all now', act: true },
      toggle: { keys: ['e'], does: 'Enable or disable all', act: true },
      tag: { keys: ['t'], does: 'Tag all…', act: true },
      apply: { keys: ['Ctrl+Enter'], does: 'Write the tags' },
    },
  },
  start: {
    title: 'First steps',
    view: 'start',
    keys: { skip: { keys: ['Escape'], does: 'Skip all' } },
  },
  task: {
    title: 'One task',
    view: 'tasks',
    keys: { run: { keys: ['r'], does: 'Run now', act: true }, save: { ...save, act: true }, close },
  },
  failures: {
    title: 'Failures',
    view: 'failures',
    keys: {
      acknowledge: { keys: ['a'], does: 'Acknowledge…', act: true },
      log: { keys: ['l'], does: 'Last log', act: true },
      close,
    },
  },
  chosenFailures: {
    title: 'Chosen failures',
    view: 'failures',
    keys: { acknowledge: { keys: ['a'], does: 'Acknowledge all…', act: true } },
  },
  calendar: {
    title: 'Calendar',
    view: 'calendar',
    keys: {
      earlier: { keys: ['['], does: 'Earlier', act: true },
      later: { keys: [']'], does: 'Later', act: true },
      today: { keys: ['t'], does: 'Today', act: true },
      day: { keys: ['d'], does: 'Day', act: true },
      week: { keys: ['w'], does: 'Week', act: true },
      left: { keys: ['ArrowLeft'], does: 'Day before' },
      right: { keys: ['ArrowRight'], does: 'Day after' },
      up: { keys: ['ArrowUp'], does: 'Hour, or entry, before' },
      down: { keys: ['ArrowDown'], does: 'Hour, or entry, after' },
      open: { keys: ['Enter'], does: 'The hour in its day' },
    },
  },
  timeline: {
    title: 'Runs over time',
    view: null,
    keys: {
      out: { keys: ['['], does: 'Zoom out' },
      in: { keys: [']'], does: 'Zoom in' },
      reset: { keys: ['='], does: 'As at first' },
    },
  },
  run: {
    title: 'One run',
    view: 'history',
    keys: {
      again: { keys: ['r'], does: 'Run again', act: true },
      stop: { keys: ['s'], does: 'Stop', act: true },
      follow: { keys: ['f'], does: 'Follow its output, or not', act: true },
      nextError: { keys: ['n'], does: 'Next error', act: true },
      compare: { keys: ['c'], does: 'Compare with the run before', act: true },
      older: { keys: ['['], does: 'The run before', act: true },
      newer: { keys: [']'], does: 'The run after', act: true },
      close,
    },
  },
  nodes: {
    title: 'Nodes',
    view: 'nodes',
    keys: {
      drain: { keys: ['d'], does: 'Drain, or end draining', act: true },
      group: { keys: ['g'], does: 'Edit group', act: true },
      runs: { keys: ['h'], does: 'Its runs', act: true },
      close,
    },
  },
  change: {
    title: 'One change',
    view: 'changes',
    keys: {
      revert: { keys: ['z'], does: 'Revert, with a preview…', act: true },
      apply: { keys: ['Ctrl+Enter'], does: 'Write what the preview says' },
      close,
    },
  },
  conflict: {
    title: 'One conflict',
    view: 'sync',
    keys: {
      mine: { keys: ['m'], does: 'All mine', act: true },
      theirs: { keys: ['t'], does: 'All theirs', act: true },
      save: { keys: ['Ctrl+Enter'], does: 'Save result', act: true },
    },
  },
  import: {
    title: 'Import',
    view: 'import',
    keys: {
      start: { keys: ['Ctrl+Enter'], does: 'Import what is planned', act: true },
      back: { keys: ['Escape'], does: 'Choose other files' },
    },
  },
  settings: { title: 'Settings', view: 'settings', keys: { save } },
} as const satisfies Record<string, KeyGroup>

export type GroupName = keyof typeof KEY_TABLE
export type CommandName<G extends GroupName> = keyof (typeof KEY_TABLE)[G]['keys'] & string

/** The words of one command, whichever group it is of. */
export const wordsOf = (group: GroupName, name: string): KeyWords => {
  const words = (KEY_TABLE[group] as KeyGroup).keys[name]
  if (!words) throw new Error(`no key ${group}.${name}`)
  return words
}

const SIGNS: Readonly<Record<string, string>> = {
  Escape: 'Esc',
  ArrowUp: '↑',
  ArrowDown: '↓',
  ArrowLeft: '←',
  ArrowRight: '→',
}

/** `Ctrl+s` as it is written on keys: `Ctrl S`. */
export const keyText = (name: string): string =>
  name
    .split('+')
    .map((part) => SIGNS[part] ?? (part.length === 1 ? part.toUpperCase() : part))
    .join(' ')

/** The first key of a command, for a button or a line of the palette. */
export const keyOf = (group: GroupName, name: string): string => keyText(wordsOf(group, name).keys[0] ?? '')

export interface KeyHint {
  keys: string
  does: string
  /** Left out first where there is little room. */
  late?: boolean
}

/** A hint of a list's foot. */
export const hintOf = <G extends GroupName>(
  group: G,
  name: CommandName<G>,
  part: { does?: string; late?: boolean } = {},
): KeyHint => {
  const { does } = wordsOf(group, name)
  return { keys: keyOf(group, name), does: `${does.charAt(0).toLowerCase()}${does.slice(1)}`, ...part }
}

/** Two keys that go the two ways of a list. */
export const MOVE_HINT: KeyHint = { keys: `${keyOf('list', 'down')} ${keyOf('list', 'up')}`, does: 'move' }
