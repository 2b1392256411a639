import { editDistance } from '../../shared/domain/edit-distance.ts'
import { z } from 'zod'
import { configSchema } from './schema.ts'

/** The keys of app.yaml as a tree; a leaf is an empty tree. */
export interface KeyTree {
  [key: string]: KeyTree
}

interface JsonSchema {
  properties?: Record<string, JsonSchema>
}

const treeOf = (schema: JsonSchema): KeyTree =>
  Object.fromEntries(Object.entries(schema.properties ?? {}).map(([key, inner]) => [key, treeOf(inner)]))

/** Read from the schema itself, so that a new key is known here the moment it exists. */
export const knownKeys = (): KeyTree =>
  // zod's JSON Schema type is wider than the part read here.
  treeOf(z.toJSONSchema(configSchema, { io: 'input', unrepresentable: 'any' }) as JsonSchema)

/** Full paths of all leaves: `database.options.timeout`, … */
export const leafPaths = (tree: KeyTree, prefix: string[] = []): string[][] =>
  Object.entries(tree).flatMap(([key, inner]) => {
    const path = [...prefix, key]
    return Object.keys(inner).length === 0 ? [path] : leafPaths(inner, path)
  })

const allPaths = (tree: KeyTree, prefix: string[] = []): string[][] =>
  Object.entries(tree).flatMap(([key, inner]) => [[...prefix, key], ...allPaths(inner, [...prefix, key])])

/**
 * The known key a wrong one most likely means: nearest by its own name (case aside), a neighbour before a key
 * of the same distance elsewhere. Always names one, however far.
 */
export const nearestKey = (tree: KeyTree, path: readonly string[]): string => {
  const name = path.at(-1)?.toLowerCase() ?? ''
  const parent = path.slice(0, -1).join('.')
  const ranked = allPaths(tree).map((known) => {
    const elsewhere = known.slice(0, -1).join('.') === parent ? 0 : 0.5
    return {
      known: known.join('.'),
      score: editDistance(name, known.at(-1)?.toLowerCase() ?? '') + elsewhere,
    }
  })
  return ranked.reduce((best, one) => (one.score < best.score ? one : best)).known
}
