import type { Variables } from './environment.ts'
import type { RawTree } from './yaml-file.ts'

export type Problem = (path: string[], message: string) => void

const REFERENCE = /\$\$\{|\$\{([^}]*)\}/g
const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/

/** What is wrong with `${name}`; null when it can be replaced. */
const fault = (name: string, variables: Variables): string | null => {
  if (!NAME.test(name))
    return `has \${${name}}, which names no environment variable; write $\${ for the characters \${ themselves`
  return variables[name] === undefined
    ? `has \${${name}}, but the environment variable ${name} is not set; set it or write the value itself`
    : null
}

const expandText = (text: string, path: string[], variables: Variables, problem: Problem): string =>
  text.replace(REFERENCE, (whole, name: string | undefined) => {
    if (name === undefined) return '${'
    const wrong = fault(name, variables)
    if (wrong) problem(path, wrong)
    return wrong ? whole : (variables[name] ?? '')
  })

const expandValue = (value: unknown, path: string[], variables: Variables, problem: Problem): unknown => {
  if (typeof value === 'string') return expandText(value, path, variables, problem)
  if (Array.isArray(value))
    return value.map((item, index) => expandValue(item, [...path, String(index)], variables, problem))
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).map(([key, inner]) => [
    key,
    expandValue(inner, [...path, key], variables, problem),
  ])
  return Object.fromEntries(entries) as unknown
}

/** Every `${NAME}` in every string replaced; `$${` stands for `${`. Faults go to `problem`, one by one. */
export const expandTree = (tree: RawTree, variables: Variables, problem: Problem): RawTree =>
  expandValue(tree, [], variables, problem) as RawTree
