import {
  ACTORS,
  APPS,
  GROUPS,
  NODES,
  ROLES,
  scatter,
  START,
  TAGS,
  taskId,
  type LargeCounts,
} from './large-rows.ts'

/** One way of asking for a list; `call` numbers the calls, so that each may ask for something else. */
export interface ListCase {
  name: string
  filter: (call: number) => Record<string, unknown>
  /** A text search: it has a budget of its own. */
  search?: boolean
  /** Asks for a page deep inside instead of the first. */
  deep?: boolean
}

const of = <T>(list: readonly T[], call: number): T => {
  const value = list[call % list.length]
  if (value === undefined) throw new Error('an empty list of values')
  return value
}

const two = <T>(list: readonly T[], call: number): T[] => [of(list, call), of(list, call + 1)]

export const taskCases = (): ListCase[] => [
  { name: 'first page', filter: () => ({}) },
  { name: 'deep page', filter: () => ({}), deep: true },
  { name: 'enabled', filter: () => ({ enabled: true }) },
  { name: 'disabled', filter: () => ({ enabled: false }) },
  { name: 'one app', filter: (call) => ({ app: [of(APPS, call)] }) },
  { name: 'two apps', filter: (call) => ({ app: two(APPS, call) }) },
  { name: 'one tag', filter: (call) => ({ tag: [of(TAGS, call)] }) },
  { name: 'an unknown tag', filter: () => ({ tag: ['no-such-tag'] }) },
  { name: 'one node', filter: (call) => ({ node: [of(NODES, call)] }) },
  { name: 'two nodes', filter: (call) => ({ node: two(NODES, call) }) },
  { name: 'one group', filter: (call) => ({ group: [of(GROUPS, call)] }) },
  { name: 'one role', filter: (call) => ({ role: [of(ROLES, call)] }) },
  ...['Success', 'Failed', 'Lost', 'Running', 'Queued', 'Never'].map((state) => ({
    name: `state ${state}`,
    filter: () => ({ state: [state] }),
  })),
  { name: 'state Failed, Timeout or Lost', filter: () => ({ state: ['Failed', 'Timeout', 'Lost'] }) },
  ...['nextRun', 'lastRun', 'state', 'priority'].map((sort) => ({
    name: `sorted by ${sort}`,
    filter: () => ({ sort }),
  })),
  {
    name: 'failed ones of an app by last run',
    filter: (call) => ({ state: ['Failed'], app: [of(APPS, call)], sort: 'lastRun' }),
  },
  { name: 'search, many hits', filter: () => ({ search: 'backup' }), search: true },
  { name: 'search, few hits', filter: (call) => ({ search: `${scatter(call, 99_000)}` }), search: true },
  { name: 'search, no hit', filter: () => ({ search: 'no such task' }), search: true },
]

const day = (n: number): string => new Date(START + n * 86_400_000).toISOString()

export const runCases = ({ tasks }: LargeCounts): ListCase[] => {
  const task = (call: number): string => taskId(scatter(call, tasks))
  return [
    { name: 'first page', filter: () => ({}) },
    { name: 'deep page', filter: () => ({}), deep: true },
    { name: 'of one task', filter: (call) => ({ task: [task(call)] }) },
    {
      name: 'of ten tasks',
      filter: (call) => ({ task: Array.from({ length: 10 }, (_, n) => task(call * 10 + n)) }),
    },
    { name: 'of one node', filter: (call) => ({ node: [of(NODES, call)] }) },
    { name: 'of two nodes', filter: (call) => ({ node: two(NODES, call) }) },
    ...['Success', 'Failed', 'Lost', 'Running', 'Queued'].map((state) => ({
      name: `state ${state}`,
      filter: () => ({ state: [state] }),
    })),
    { name: 'state Queued or Running', filter: () => ({ state: ['Queued', 'Running'] }) },
    { name: 'state Failed, Timeout or Lost', filter: () => ({ state: ['Failed', 'Timeout', 'Lost'] }) },
    { name: 'state Success or Failed', filter: () => ({ state: ['Success', 'Failed'] }) },
    { name: 'lost ones of a node', filter: (call) => ({ state: ['Lost'], node: [of(NODES, call)] }) },
    { name: 'failed ones of a task', filter: (call) => ({ state: ['Failed'], task: [task(call)] }) },
    { name: 'one day', filter: (call) => ({ from: day(call * 10), to: day(call * 10 + 1) }) },
    {
      name: 'failed ones of one day',
      filter: (call) => ({ state: ['Failed'], from: day(call * 10), to: day(call * 10 + 1) }),
    },
    {
      name: 'lost ones of two nodes of one year',
      filter: (call) => ({ state: ['Lost'], node: two(NODES, call), from: day(100), to: day(465) }),
    },
    { name: 'search, many hits', filter: () => ({ search: 'backup' }), search: true },
    { name: 'search, no hit', filter: () => ({ search: 'no such run' }), search: true },
    {
      name: 'search among failed ones',
      filter: (call) => ({ search: `host ${scatter(call, 3000)} `, state: ['Failed'] }),
      search: true,
    },
  ]
}

export const changeCases = ({ tasks }: LargeCounts): ListCase[] => {
  const record = (call: number): string => taskId(scatter(call, tasks))
  return [
    { name: 'first page', filter: () => ({}) },
    { name: 'deep page', filter: () => ({}), deep: true },
    { name: 'of Tasks', filter: () => ({ table: ['Tasks'] }) },
    { name: 'of Nodes', filter: () => ({ table: ['Nodes'] }) },
    { name: 'of Tasks or Nodes', filter: () => ({ table: ['Tasks', 'Nodes'] }) },
    { name: 'of a table without any', filter: () => ({ table: ['Api_Token'] }) },
    { name: 'of one record', filter: (call) => ({ record: [record(call)] }) },
    {
      name: 'of ten records',
      filter: (call) => ({ record: Array.from({ length: 10 }, (_, n) => record(call * 10 + n)) }),
    },
    { name: 'by one actor', filter: (call) => ({ actor: [of(ACTORS, call)] }) },
    { name: 'by two actors', filter: (call) => ({ actor: two(ACTORS, call) }) },
    { name: 'by nobody known', filter: () => ({ actor: ['token:gone'] }) },
    { name: 'action DELETE', filter: () => ({ action: ['DELETE'] }) },
    { name: 'action INSERT or DELETE', filter: () => ({ action: ['INSERT', 'DELETE'] }) },
    { name: 'of one node', filter: (call) => ({ node: [of(NODES, call)] }) },
    { name: 'of a node without any', filter: () => ({ node: ['no-such-node'] }) },
    { name: 'one day', filter: (call) => ({ from: day(call * 10), to: day(call * 10 + 1) }) },
    { name: 'one year', filter: () => ({ from: day(100), to: day(465) }) },
    {
      name: 'deletions of one day',
      filter: (call) => ({ action: ['DELETE'], from: day(call * 10), to: day(call * 10 + 1) }),
    },
    {
      name: 'by one actor on one day',
      filter: (call) => ({ actor: [of(ACTORS, call)], from: day(call * 10), to: day(call * 10 + 1) }),
    },
    {
      name: 'deletions of Nodes by one actor',
      filter: (call) => ({ table: ['Nodes'], action: ['DELETE'], actor: [of(ACTORS, call)] }),
    },
  ]
}
