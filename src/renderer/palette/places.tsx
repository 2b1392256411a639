import { DownloadIcon, GearIcon } from '@primer/octicons-react'
import { SETTING_GROUPS } from '../features/settings/catalogue.ts'
import { SECTIONS } from '../features/settings/sections.ts'
import { href } from '../lib/router.ts'
import { views } from '../shell/view-list.ts'
import type { Item } from './item.ts'

const ICON = 16

/** Views by their keys, and the import. */
export const viewItems: readonly Item[] = [
  ...views.map(({ name, path, Icon, digit }) => ({
    ...{ id: `view ${path}`, icon: <Icon size={ICON} />, label: name },
    ...{ keys: digit, address: href([path]) },
  })),
  {
    ...{ id: 'view import', icon: <DownloadIcon size={ICON} />, label: 'Import' },
    address: href(['import']),
  },
]

const sectionItems = SECTIONS.map(({ path, title }): Item => ({
  ...{ id: `section ${path}`, icon: <GearIcon size={ICON} />, label: title, detail: 'Settings' },
  address: href(['settings', path]),
}))

const valueItems = Object.entries(SETTING_GROUPS).flatMap(([section, groups]) =>
  groups.flatMap(({ title, looks }) =>
    looks.map(({ key, label }): Item => ({
      ...{ id: `setting ${key}`, icon: <GearIcon size={ICON} />, label, detail: `Settings, ${title}` },
      address: href(['settings', section]),
    })),
  ),
)

/** Every section of the settings, and every value in them by its words. */
export const settingItems: readonly Item[] = [...sectionItems, ...valueItems]
