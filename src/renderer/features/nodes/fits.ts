import type { ClusterNode, NodeState } from '../../../shared/domain/node.ts'

/** What the list is narrowed to, and which nodes that leaves. */

export interface NodeQuery {
  state: NodeState[]
  group: string[]
  role: string[]
  tag: string[]
  version: string[]
}

export const isFiltered = (query: NodeQuery): boolean =>
  Object.values(query).some((values: readonly string[]) => values.length > 0)

const oneOf = (wanted: readonly string[], has: readonly (string | null)[]): boolean =>
  wanted.length === 0 || has.some((one) => one !== null && wanted.includes(one))

/** Whether the list shows a node: each filter that is set knows one of its values. */
export const fits = (node: ClusterNode, query: NodeQuery): boolean =>
  oneOf(query.state, [node.state]) &&
  oneOf(query.group, [node.nodeGroup]) &&
  oneOf(query.role, [node.nodeRole]) &&
  oneOf(query.tag, node.tags) &&
  oneOf(query.version, [node.version])

export interface Choices {
  group: string[]
  role: string[]
  tag: string[]
  version: string[]
}

const distinct = (values: readonly (string | null)[]): string[] =>
  [...new Set(values.flatMap((value) => value ?? []))].sort((a, b) => a.localeCompare(b))

/** The words that the nodes use: what filters offer, and what a field to edit suggests. */
export const choicesOf = (nodes: readonly ClusterNode[]): Choices => ({
  group: distinct(nodes.map((node) => node.nodeGroup)),
  role: distinct(nodes.map((node) => node.nodeRole)),
  tag: distinct(nodes.flatMap((node) => node.tags)),
  version: distinct(nodes.map((node) => node.version)),
})
