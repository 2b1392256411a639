import {
  CircleSlashIcon,
  CheckCircleIcon,
  DuplicateIcon,
  HistoryIcon,
  LinkIcon,
  LogIcon,
  PlayIcon,
  SlidersIcon,
  SquareFillIcon,
  TrashIcon,
  UndoIcon,
} from '@primer/octicons-react'
import type { Task } from '../../shared/domain/task.ts'
import { keyOf } from '../lib/key-table.ts'
import { href } from '../lib/router.ts'
import { askingHref } from '../lib/use-asked.ts'
import { Relative } from '../ui/time.tsx'
import type { Item } from './item.ts'
import type { Doing } from './use-doing.ts'

const ICON = 16

/** What can be done with a task, by the functions of its view. */
export const taskItems = (task: Task, { reasons, tasks, goAct, copyLink, lastChange }: Doing): Item[] => {
  const { taskId } = task
  const id = (name: string): string => `task ${taskId} ${name}`
  const asking = (what: 'run' | 'stop'): string => askingHref(['tasks', taskId], what)
  return [
    {
      ...{ id: id('run'), icon: <PlayIcon size={ICON} />, label: 'Run now', keys: keyOf('tasks', 'run') },
      ...{ why: reasons.run, act: () => tasks.run(task), same: ['tasks.run', 'task.run'] },
    },
    {
      ...{ id: id('log'), icon: <LogIcon size={ICON} />, label: 'Open last log' },
      aside: task.lastRun && <Relative at={task.lastRun} />,
      why: task.lastHistoryId === null ? 'It has not run yet.' : null,
      ...(task.lastHistoryId !== null && { address: href(['history', task.lastHistoryId]) }),
    },
    {
      ...{ id: id('revert'), icon: <UndoIcon size={ICON} />, label: 'Preview revert of the last change…' },
      ...{ why: reasons.edit, act: () => lastChange(task), keys: keyOf('change', 'revert') },
    },
    {
      ...{ id: id('toggle'), label: task.enabled ? 'Disable' : 'Enable', keys: keyOf('tasks', 'toggle') },
      icon: task.enabled ? <CircleSlashIcon size={ICON} /> : <CheckCircleIcon size={ICON} />,
      ...{ why: reasons.edit, act: () => tasks.toggle(task), same: ['tasks.toggle'] },
    },
    {
      ...{ id: id('with'), icon: <SlidersIcon size={ICON} />, label: 'Run with other parameters…' },
      ...goAct(asking('run'), reasons.run),
    },
    {
      ...{ id: id('stop'), icon: <SquareFillIcon size={ICON} />, label: 'Stop all its runs…' },
      ...goAct(asking('stop'), reasons.run ?? (task.isRunning ? null : 'Nothing of it runs.')),
    },
    {
      ...{ id: id('runs'), icon: <HistoryIcon size={ICON} />, label: 'Its runs' },
      address: href(['history'], { task: taskId }),
    },
    {
      ...{ id: id('copy'), icon: <DuplicateIcon size={ICON} />, label: 'Duplicate' },
      ...goAct(href(['tasks', 'new'], { from: taskId }), reasons.edit),
    },
    {
      ...{ id: id('link'), icon: <LinkIcon size={ICON} />, label: 'Copy link' },
      act: () => copyLink('task', taskId),
    },
    {
      ...{ id: id('delete'), icon: <TrashIcon size={ICON} />, label: 'Delete', aside: 'its history is kept' },
      ...{ why: reasons.edit, act: () => tasks.removeNow(task) },
    },
  ]
}
