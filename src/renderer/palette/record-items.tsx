import {
  HistoryIcon,
  LinkIcon,
  PlayIcon,
  ServerIcon,
  SquareFillIcon,
  StopIcon,
  SyncIcon,
  TasklistIcon,
  UndoIcon,
} from '@primer/octicons-react'
import { isActive, type Run } from '../../shared/domain/run.ts'
import type { Change } from '../../shared/domain/change.ts'
import type { ClusterNode } from '../../shared/domain/node.ts'
import { keyOf } from '../lib/key-table.ts'
import { href } from '../lib/router.ts'
import { askingHref } from '../lib/use-asked.ts'
import type { Item } from './item.ts'
import type { Loaded } from './subject.ts'
import { taskItems } from './task-items.tsx'
import type { Doing } from './use-doing.ts'

const ICON = 16

/** What can be done with a record, whichever kind it is of. */
export const recordItems = (subject: Loaded, doing: Doing): Item[] => {
  switch (subject.kind) {
    case 'task':
      return taskItems(subject.record, doing)
    case 'node':
      return nodeItems(subject.record, doing)
    case 'run':
      return runItems(subject.record, doing)
    case 'change':
      return changeItems(subject.record, doing)
  }
}

const nodeItems = (node: ClusterNode, { reasons, nodes, sync, go, goAct, copyLink }: Doing): Item[] => {
  const { nodeId, isDraining } = node
  const id = (name: string): string => `node ${nodeId} ${name}`
  const isRetired = node.state === 'Retired' ? `${node.nodeName} is retired.` : null
  const askDrain = (): void => go(askingHref(['nodes', nodeId], 'drain'))
  return [
    {
      ...{ id: id('drain'), icon: <ServerIcon size={ICON} />, keys: keyOf('nodes', 'drain') },
      label: isDraining ? 'End draining' : 'Drain…',
      ...{ why: reasons.drain ?? isRetired, act: () => nodes.toggleDrain(node, askDrain) },
      same: ['nodes.drain'],
    },
    {
      ...{ id: id('runs'), icon: <HistoryIcon size={ICON} />, label: 'Its runs', same: ['nodes.runs'] },
      ...{ keys: keyOf('nodes', 'runs'), address: href(['history'], { node: [nodeId] }) },
    },
    {
      ...{ id: id('sync'), icon: <SyncIcon size={ICON} />, label: 'Sync now' },
      ...{ why: sync.refusalOf(nodeId), act: () => sync.start(nodeId) },
    },
    {
      ...{ id: id('link'), icon: <LinkIcon size={ICON} />, label: 'Copy link' },
      act: () => copyLink('node', nodeId),
    },
    {
      ...{ id: id('retire'), icon: <StopIcon size={ICON} />, label: 'Retire…' },
      ...goAct(
        askingHref(['nodes', nodeId], 'retire'),
        reasons.edit ?? isRetired ?? (node.isThisNode ? 'Retire this node from another one.' : null),
      ),
    },
  ]
}

const runItems = (run: Run, { reasons, tasks, stopRun, copyLink }: Doing): Item[] => {
  const { historyId } = run
  const id = (name: string): string => `run ${historyId} ${name}`
  const goesOn = isActive(run.state)
  return [
    goesOn
      ? {
          ...{ id: id('stop'), icon: <SquareFillIcon size={ICON} />, label: 'Stop', same: ['run.stop'] },
          ...{ keys: keyOf('run', 'stop'), why: reasons.run, act: () => stopRun(run) },
        }
      : {
          ...{ id: id('again'), icon: <PlayIcon size={ICON} />, label: 'Run again', same: ['run.again'] },
          ...{ keys: keyOf('run', 'again'), why: reasons.run, act: () => tasks.run(run) },
        },
    {
      ...{ id: id('task'), icon: <TasklistIcon size={ICON} />, label: 'Open its task' },
      address: href(['tasks', run.taskId]),
    },
    {
      ...{ id: id('link'), icon: <LinkIcon size={ICON} />, label: 'Copy link' },
      act: () => copyLink('run', historyId),
    },
  ]
}

const changeItems = ({ changeId }: Change, { reasons, goAct, copyLink }: Doing): Item[] => [
  {
    ...{ id: `change ${changeId} revert`, icon: <UndoIcon size={ICON} />, label: 'Revert, with a preview…' },
    ...{ keys: keyOf('change', 'revert'), same: ['change.revert'] },
    ...goAct(askingHref(['changes', changeId], 'revert'), reasons.edit),
  },
  {
    ...{ id: `change ${changeId} link`, icon: <LinkIcon size={ICON} />, label: 'Copy link' },
    act: () => copyLink('change', changeId),
  },
]
