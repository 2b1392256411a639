import {
  DeviceDesktopIcon,
  DownloadIcon,
  MoonIcon,
  PlusIcon,
  ChecklistIcon,
  QuestionIcon,
  ServerIcon,
  StopIcon,
  SunIcon,
  SyncIcon,
  TabIcon,
  UnlockIcon,
} from '@primer/octicons-react'
import { DESKTOP_SWITCH_WORDS } from '../../shared/domain/desktop.ts'
import { useDesktopSwitches } from '../features/settings/use-desktop-switches.ts'
import { dataOf } from '../lib/loadable.ts'
import { keyOf } from '../lib/key-table.ts'
import { href } from '../lib/router.ts'
import { useLocal } from '../lib/local.ts'
import { openElsewhere } from '../lib/elsewhere.ts'
import { askingHref } from '../lib/use-asked.ts'
import { useScheme } from '../lib/use-scheme.ts'
import { useResume } from '../shell/use-resume.ts'
import { clusterContext } from '../shell/cluster-store.ts'
import { systemContext } from '../shell/system-store.ts'
import type { Item } from './item.ts'
import type { Doing } from './use-doing.ts'

const ICON = 16

interface Dialogs {
  onStop: () => void
  onSheet: () => void
}

/** What can be done on every page. */
export const useEverywhere = ({ reasons, sync }: Doing, { onStop, onSheet }: Dialogs): Item[] => {
  const held = clusterContext.useState((state) => dataOf(state.cluster)?.hold)
  const nodeId = systemContext.useState(({ info }) => dataOf(info)?.nodeId) ?? ''
  const { resume } = useResume()
  const scheme = useScheme()
  const isDesktop = useLocal() !== null
  const desktop = useDesktopSwitches()
  return [
    {
      ...{ id: 'do create', icon: <PlusIcon size={ICON} />, label: 'New task', same: ['tasks.create'] },
      ...{ keys: keyOf('tasks', 'create'), why: reasons.edit, address: href(['tasks', 'new']) },
    },
    {
      ...{ id: 'do import', icon: <DownloadIcon size={ICON} />, label: 'Import tasks…' },
      ...{ why: reasons.edit, address: href(['import']) },
    },
    {
      ...{ id: 'do start', icon: <ChecklistIcon size={ICON} />, label: 'First steps' },
      address: href(['start']),
    },
    {
      ...{ id: 'do add', icon: <ServerIcon size={ICON} />, label: 'Add node…' },
      ...{ why: reasons.edit, address: askingHref(['nodes'], 'add') },
    },
    {
      ...{ id: 'do sync', icon: <SyncIcon size={ICON} />, label: 'Sync this node now' },
      ...{ why: sync.refusalOf(nodeId), act: () => sync.start(nodeId) },
    },
    held
      ? {
          ...{ id: 'do resume', icon: <UnlockIcon size={ICON} />, label: 'Resume the cluster' },
          ...{ why: reasons.run, act: resume },
        }
      : {
          ...{ id: 'do stop', icon: <StopIcon size={ICON} fill="var(--failed)" /> },
          ...{ label: 'Emergency stop…', aside: 'ends every run on every node' },
          ...{ why: reasons.run, act: onStop },
        },
    {
      ...{ id: 'do scheme', label: scheme.words, act: scheme.change },
      icon: scheme.shown === 'dark' ? <SunIcon size={ICON} /> : <MoonIcon size={ICON} />,
    },
    {
      ...{ id: 'do window', icon: <TabIcon size={ICON} />, label: isDesktop ? 'New window' : 'New tab' },
      act: () => openElsewhere(href(['overview'])),
    },
    ...desktop.switches.map(({ name, isOn }): Item => ({
      ...{ id: `do ${name}`, icon: <DeviceDesktopIcon size={ICON} />, aside: isOn ? 'on' : 'off' },
      label: `${DESKTOP_SWITCH_WORDS[name].label}: turn ${isOn ? 'off' : 'on'}`,
      act: () => desktop.change(name, !isOn),
    })),
    {
      ...{ id: 'do sheet', icon: <QuestionIcon size={ICON} />, label: 'All keys' },
      ...{ keys: keyOf('everywhere', 'sheet'), act: onSheet },
    },
  ]
}
