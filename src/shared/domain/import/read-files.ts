import { readCatalogJob } from './catalog-job.ts'
import { readExport } from './export-document.ts'
import { applyOverrides } from './overrides.ts'
import { readTaskEntry, type EntryContext } from './pswebhost-task.ts'
import { readDocument } from './read-document.ts'
import { isExport, KNOWN_PLACES, kindByContent, kindByPath, type SourceKind } from './source-kind.ts'
import { rejectedEntry, type Entry, type ImportPlan, type PlanInput, type SourceFile } from './types.ts'
import { isLoose, kindOf, property, textOf } from './values.ts'

/** All files as entries: definitions first, then overrides on top of them, whatever order they came in. */

interface Sorted {
  entries: Entry[]
  overrides: { values: unknown[]; context: EntryContext }[]
  node: ImportPlan['node']
}

type ReadOptions = Pick<PlanInput, 'files' | 'existing' | 'scriptRoots'>

export const readFiles = (input: ReadOptions): Pick<Sorted, 'entries' | 'node'> => {
  const sorted: Sorted = { entries: [], overrides: [], node: null }
  for (const file of input.files) readFile(file, input.scriptRoots, sorted)
  const entries = sorted.overrides.reduce(
    (definitions, { values, context }) => applyOverrides(definitions, values, context, input.existing),
    sorted.entries,
  )
  return { entries, node: sorted.node }
}

const refuse = (source: string, reason: string): Entry =>
  rejectedEntry({ source, name: null, appName: null, reason })

const readFile = (file: SourceFile, scriptRoots: readonly string[], sorted: Sorted): void => {
  const place = kindByPath(file.path)
  if (!place && !/\.(json|ya?ml)$/i.test(file.path)) {
    sorted.entries.push(refuse(file.path, `is not a file that can be imported: those are ${KNOWN_PLACES}`))
    return
  }
  const document = readDocument(file.path, file.content)
  if (!document.ok) {
    sorted.entries.push(refuse(file.path, document.reason))
    return
  }
  if (isExport(document.value)) {
    sorted.entries.push(...readExport(document.value, file.path))
    return
  }
  const kind = place ?? kindByContent(file.path, document.value)
  if (kind) readKind(kind, document.value, file, scriptRoots, sorted)
  else
    sorted.entries.push(refuse(file.path, `holds no tasks: files that can be imported are ${KNOWN_PLACES}`))
}

const readKind = (
  kind: SourceKind,
  value: unknown,
  file: SourceFile,
  scriptRoots: readonly string[],
  sorted: Sorted,
): void => {
  const at = { source: file.path, root: file.root ?? null, scriptRoots }
  switch (kind.kind) {
    case 'tasks': {
      const base = kind.appName ? `apps/${kind.appName}` : ''
      const context = { ...at, appName: kind.appName, base }
      sorted.entries.push(
        ...taskList(value, file.path, (values) => values.map((one) => readTaskEntry(one, context))),
      )
      return
    }
    case 'overrides': {
      const context = { ...at, appName: '', base: '' }
      const read = (values: unknown[]): Entry[] => (sorted.overrides.push({ values, context }), [])
      sorted.entries.push(...taskList(value, file.path, read))
      return
    }
    case 'job': {
      const base = kind.appName ? `apps/${kind.appName}/jobs/${kind.jobName}` : ''
      sorted.entries.push(readCatalogJob(value, kind.jobName, { ...at, appName: kind.appName, base }))
      return
    }
    case 'settings':
      readSettings(value, file.path, sorted)
  }
}

const taskList = (value: unknown, source: string, read: (values: unknown[]) => Entry[]): Entry[] => {
  if (value === null || value === undefined) return [refuse(source, 'is empty')]
  const tasks = isLoose(value) ? property(value, 'tasks') : undefined
  if (tasks === null) return [refuse(source, 'holds no tasks')]
  if (!Array.isArray(tasks)) {
    const has = isLoose(value)
      ? tasks === undefined
        ? 'has no "tasks"'
        : `"tasks" is ${kindOf(tasks)}`
      : `is ${kindOf(value)}`
    return [refuse(source, `${has}; it must hold a list under "tasks"`)]
  }
  return tasks.length === 0 ? [refuse(source, 'holds no tasks')] : read(tasks as unknown[])
}

const UUID = /^\{?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\}?$/i

/** Of the settings only the installation's own id is of use: it becomes the node's. */
const readSettings = (value: unknown, source: string, sorted: Sorted): void => {
  const server = isLoose(value) ? property(value, 'WebServer') : undefined
  const guid = isLoose(server) ? textOf(property(server, 'guid')) : undefined
  if (!guid) return
  const nodeId = UUID.exec(guid)?.[1]
  if (nodeId) sorted.node ??= { nodeId: nodeId.toLowerCase(), source }
  else
    sorted.entries.push(
      refuse(source, `WebServer.guid: "${guid}" is not a GUID, so it cannot become the node id`),
    )
}
