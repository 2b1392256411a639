import {
  ArrowSwitchIcon,
  CpuIcon,
  GearIcon,
  GitCommitIcon,
  HistoryIcon,
  PulseIcon,
  ServerIcon,
  TasklistIcon,
  type Icon,
} from '@primer/octicons-react'

/** The views in the order of their keys 1 to 9; `path` is the first part of their addresses. */
export const views: readonly { name: string; path: string; Icon: Icon }[] = [
  { name: 'Overview', path: 'overview', Icon: PulseIcon },
  { name: 'Tasks', path: 'tasks', Icon: TasklistIcon },
  { name: 'History', path: 'history', Icon: HistoryIcon },
  { name: 'Nodes', path: 'nodes', Icon: ServerIcon },
  { name: 'Changes', path: 'changes', Icon: GitCommitIcon },
  { name: 'Sync', path: 'sync', Icon: ArrowSwitchIcon },
  { name: 'Runtime', path: 'runtime', Icon: CpuIcon },
  { name: 'Settings', path: 'settings', Icon: GearIcon },
]
