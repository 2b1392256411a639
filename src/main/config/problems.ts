import type { z } from 'zod'
import { ConfigError } from './config-error.ts'
import { nearestKey, type KeyTree } from './known-keys.ts'
import { isConnectionString } from './rules.ts'
import type { RawTree, YamlFile } from './yaml-file.ts'

/** Collects everything that is wrong with a configuration, so that a person fixes it in one go. */
export interface Problems {
  /** `rest` follows the key: `has …; it may be …`. */
  add: (path: readonly PropertyKey[], rest: string) => void
  /** Says what the key has (as written in the file or on the command line) and what it may be. */
  wrong: (path: readonly PropertyKey[], mayBe: string) => void
  /** All so far, by key, in the words that follow the key. */
  list: () => { path: string[]; message: string }[]
  /** @throws ConfigError when there is any; the first of the file comes first. */
  throwIfAny: () => void
}

/** Values that came from the command line: by key path, with the option's name. */
export type Overrides = Readonly<Record<string, { option: string; value: unknown }>>

const SECRET_KEY = 'database.connection.password'
const SERVER_KEY = 'database.connection.server'
const MAX_SHOWN = 80

const valueAt = (tree: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>(
    (node, key) =>
      typeof node === 'object' && node !== null && Object.hasOwn(node, key)
        ? (node as Record<PropertyKey, unknown>)[key]
        : undefined,
    tree,
  )

const shown = (value: unknown): string => {
  if (value === undefined || value === null) return 'no value'
  const text = JSON.stringify(value)
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text
}

export const createProblems = (yaml: YamlFile, overrides: Overrides): Problems => {
  const found: { line: number; text: string; path: string[]; message: string }[] = []

  const add = (path: readonly PropertyKey[], rest: string): void => {
    const key = path.map(String).join('.')
    const override = overrides[key]
    const line = override ? 0 : (yaml.lineOf(path) ?? 0)
    const place = override ? '' : ` (${yaml.file}${line > 0 ? ` line ${line}` : ''})`
    found.push({
      line,
      text: `${override?.option ?? key} ${rest}${place}`,
      path: path.map(String),
      message: rest,
    })
  }
  const hasOf = (path: readonly PropertyKey[]): string => {
    const key = path.map(String).join('.')
    // Not even a wrong password is printed.
    if (key === SECRET_KEY) return 'a value of another kind'
    const override = overrides[key]
    const value = override ? override.value : valueAt(yaml.values, path)
    if (key === SERVER_KEY && isConnectionString(value)) return 'a connection string'
    return shown(value)
  }
  return {
    add,
    wrong: (path, mayBe) => add(path, `has ${hasOf(path)}; it may be ${mayBe}`),
    list: () => found.map(({ path, message }) => ({ path, message })),
    throwIfAny: () => {
      const [first, ...rest] = found.sort((a, b) => a.line - b.line).map((problem) => problem.text)
      if (first !== undefined) throw new ConfigError([first, ...rest])
    },
  }
}

/** What zod found, except unknown keys: `takeKnown` reports those with the nearest known one. */
export const addIssues = (problems: Problems, issues: readonly z.core.$ZodIssue[]): void => {
  for (const issue of issues)
    if (issue.code !== 'unrecognized_keys') problems.wrong(issue.path, issue.message)
}

const isGroup = (value: unknown): value is RawTree =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The known keys of `values`; a key left empty means its default. Unknown ones go to `problems`. */
export const takeKnown = (
  values: RawTree,
  tree: KeyTree,
  problems: Problems,
  root = tree,
  at: string[] = [],
): RawTree => {
  const kept: RawTree = {}
  for (const [key, value] of Object.entries(values)) {
    const path = [...at, key]
    const inner = Object.hasOwn(tree, key) ? tree[key] : undefined
    if (!inner) problems.add(path, `is not a known key; the nearest known key is ${nearestKey(root, path)}`)
    else if (value !== null)
      kept[key] =
        isGroup(value) && Object.keys(inner).length > 0
          ? takeKnown(value, inner, problems, root, path)
          : value
  }
  return kept
}
