import {
  AlertIcon,
  ArrowSwitchIcon,
  CalendarIcon,
  CpuIcon,
  GearIcon,
  GitCommitIcon,
  HistoryIcon,
  PulseIcon,
  ServerIcon,
  TasklistIcon,
  type Icon,
} from '@primer/octicons-react'

/** The views as they stand in the side bar; `path` is the first part of their addresses, `digit` the key that goes there. */
export const views: readonly { name: string; path: string; Icon: Icon; digit: string }[] = [
  { name: 'Overview', path: 'overview', Icon: PulseIcon, digit: '1' },
  { name: 'Failures', path: 'failures', Icon: AlertIcon, digit: '0' },
  { name: 'Tasks', path: 'tasks', Icon: TasklistIcon, digit: '2' },
  { name: 'History', path: 'history', Icon: HistoryIcon, digit: '3' },
  { name: 'Calendar', path: 'calendar', Icon: CalendarIcon, digit: '4' },
  { name: 'Nodes', path: 'nodes', Icon: ServerIcon, digit: '5' },
  { name: 'Changes', path: 'changes', Icon: GitCommitIcon, digit: '6' },
  { name: 'Sync', path: 'sync', Icon: ArrowSwitchIcon, digit: '7' },
  { name: 'Runtime', path: 'runtime', Icon: CpuIcon, digit: '8' },
  { name: 'Settings', path: 'settings', Icon: GearIcon, digit: '9' },
]
