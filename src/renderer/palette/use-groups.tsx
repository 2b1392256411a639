import { ZapIcon } from '@primer/octicons-react'
import type { parseLink } from '../../shared/domain/link.ts'
import { tasksContext } from '../features/tasks/store.ts'
import { keyText } from '../lib/key-table.ts'
import { href } from '../lib/router.ts'
import type { LiveCommand } from '../lib/use-commands.ts'
import type { Visited } from '../shell/recent.ts'
import { changeLine, nodeLine, runLine, taskLine, visitedLine } from './found-items.tsx'
import { textOf, type Item, type ItemGroup } from './item.ts'
import { matching } from './match.ts'
import { settingItems, viewItems } from './places.tsx'
import { isId, pastedLink, type Wanted } from './query.ts'
import { recordItems } from './record-items.tsx'
import type { Found } from './search.ts'
import type { Loaded, Subject } from './subject.ts'
import type { Doing } from './use-doing.ts'

/** What the lines are made of. */
export interface Material {
  wanted: Wanted
  found: Found
  /** What the page behind offers, and the record it shows. */
  live: readonly LiveCommand[]
  shown: { subject: Subject; loaded: Loaded | null } | null
  recent: readonly Visited[]
  everywhere: readonly Item[]
  doing: Doing
}

const ACTS_OF_HIT = 4
const NODES = 5
const PLACES = 5
const ACTIONS = 6

const liveItem = ({ group, name, words, offer, about }: LiveCommand): Item => ({
  ...{ id: `live ${group}.${name}`, icon: <ZapIcon size={16} />, label: words.does },
  // Its record is no part of what it is found by: until that is read it would stand beside the record's own line.
  ...{ keys: keyText(words.keys[0] ?? ''), aside: about?.name, same: [`${group}.${name}`] },
  ...(typeof offer === 'function' ? { act: () => offer() } : { why: offer.why }),
})

/** Each action once: what the page behind offers is not offered again. */
const without = (items: readonly Item[], others: readonly Item[]): Item[] => {
  const known = new Set(others.flatMap(({ same }) => same ?? []))
  return items.filter(({ same }) => !same?.some((one) => known.has(one)))
}

/** With the record that the page behind shows or that its cursor is at, and what else the page offers. */
const hereGroups = ({ live, shown, everywhere, doing }: Material): ItemGroup[] => {
  const ofRecord = shown?.loaded ? recordItems(shown.loaded, doing) : []
  const others = without(live.map(liveItem), ofRecord).map(
    (item) => everywhere.find(({ same }) => same?.some((one) => item.same?.includes(one))) ?? item,
  )
  return [
    { title: shown ? `Do, with ${shown.subject.name}` : 'Do', items: ofRecord },
    { title: 'Do here', items: others },
  ]
}

const narrowed = (groups: readonly ItemGroup[], text: string): ItemGroup[] =>
  groups.map(({ title, items }) => ({ title, items: matching(items, textOf, text) }))

const actionGroups = (material: Material): ItemGroup[] => [
  ...hereGroups(material),
  {
    title: 'Everywhere',
    items: without(
      material.everywhere,
      hereGroups(material).flatMap(({ items }) => items),
    ),
  },
]

/** Somewhere to go stands first: who presses Enter too early has done nothing. */
const startGroups = (material: Material): ItemGroup[] => {
  const lately = { title: 'Looked at lately', items: material.recent.flatMap(visitedLine) }
  const places = { title: 'Views', items: viewItems }
  const here = hereGroups(material)
  return lately.items.length > 0 ? [lately, ...here, places] : [places, ...here]
}

const linkGroups = (link: ReturnType<typeof parseLink>): ItemGroup[] => [
  {
    title: 'Link',
    items: [
      'problem' in link
        ? { id: 'link', icon: <ZapIcon size={16} />, label: 'No link of this program', why: link.problem }
        : { id: 'link', icon: <ZapIcon size={16} />, label: 'Open the link', address: href(link.path) },
    ],
  },
]

/** The actions, but those of the first hit, which stand with it; also while the page's own record is still read. */
const otherActions = (material: Material, hit: Subject | undefined, acts: readonly Item[]): Item[] => {
  const { shown } = material
  const known = shown && hit?.loaded && hit.id === shown.subject.id ? hit.loaded : null
  const all = actionGroups(known && shown ? { ...material, shown: { ...shown, loaded: known } } : material)
  const ids = new Set(acts.map(({ id }) => id))
  return all.flatMap(({ items }) => items).filter(({ id }) => !ids.has(id))
}

/** By name, or by the whole id as it is copied out of an address or a log. */
const fittingNodes = (nodes: readonly Item[], text: string): Item[] =>
  isId(text)
    ? nodes.filter(({ subject }) => subject?.id === text.toLowerCase())
    : matching(nodes, textOf, text)

/** Everything that fits: records first, then what can be done with the first of them, places and actions. */
const allGroups = (material: Material, nodes: readonly Item[]): ItemGroup[] => {
  const { wanted, found, doing } = material
  const { text } = wanted
  const tasks = found.tasks.map((task) => taskLine(task, text))
  const hit = tasks[0]?.subject
  const acts = hit?.loaded ? recordItems(hit.loaded, doing).slice(0, ACTS_OF_HIT) : []
  const actions = otherActions(material, hit, acts)
  return [
    { title: 'Tasks', items: tasks },
    { title: 'Runs', items: found.runs.map(runLine) },
    { title: 'Nodes', items: fittingNodes(nodes, text).slice(0, NODES) },
    { title: `Do, with ${tasks[0]?.label ?? ''}`, items: acts },
    { title: 'Changes', items: found.changes.map(changeLine) },
    {
      title: 'Views and settings',
      items: matching([...viewItems, ...settingItems], textOf, text).slice(0, PLACES),
    },
    { title: 'Actions', items: matching(actions, textOf, text).slice(0, ACTIONS) },
  ]
}

const groupsOf = (material: Material, nodes: readonly Item[]): ItemGroup[] => {
  const { mode, text } = material.wanted
  const link = pastedLink(text)
  if (link) return linkGroups(link)
  if (mode === 'actions') return narrowed(actionGroups(material), text)
  if (mode === 'nodes') {
    return [{ title: 'Nodes', items: fittingNodes(nodes, text) }]
  }
  if (mode === 'runs')
    return [{ title: text ? 'Runs' : 'Latest runs', items: material.found.runs.map(runLine) }]
  return text === '' ? startGroups(material) : allGroups(material, nodes)
}

/**
 * The lines of the palette; `within` a record only what can be done with it, which is nothing until it is read. Nodes
 * are few and known; everything else the node was asked for.
 */
export const useGroups = (material: Material, within: { loaded: Loaded | null } | null): ItemGroup[] => {
  const nodes = tasksContext.useState((state) => state.nodes)
  const ofRecord = within?.loaded ? recordItems(within.loaded, material.doing) : []
  const groups = within
    ? narrowed([{ title: 'Do', items: ofRecord }], material.wanted.text)
    : groupsOf(material, nodes.map(nodeLine))
  return groups.filter(({ items }) => items.length > 0)
}
