import type { z } from 'zod'
import { editDistance } from './edit-distance.ts'
import type { Issue } from './errors.ts'

/** Validation failures in the words of the interface: where, and what it may be instead. */

type RawIssue = z.core.$ZodIssue

/** The known word nearest to a mistyped one, if it is near enough to be meant. */
export const nearest = (word: string, known: readonly string[]): string | null => {
  const lower = word.toLowerCase()
  const ranked = known
    .map((candidate) => ({ candidate, far: editDistance(lower, candidate.toLowerCase()) }))
    .sort((a, b) => a.far - b.far)
  const best = ranked[0]
  return best && best.far <= Math.max(2, Math.floor(word.length / 3)) ? best.candidate : null
}

const pathOf = (issue: RawIssue): (string | number)[] =>
  issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part))

const unknownKey = (path: (string | number)[], key: string, known: readonly string[]): Issue => {
  const meant = nearest(key, known)
  return {
    path: [...path, key],
    message: meant ? `is not known; did you mean ${meant}?` : 'is not known; leave it out',
  }
}

/** Of a union, the branch that fits best: the one whose complaints lie deepest. */
const unionIssues = (
  issue: Extract<RawIssue, { code: 'invalid_union' }>,
  known: readonly string[],
): Issue[] => {
  const branches = issue.errors.map((errors) => errors.flatMap((inner) => issuesOf(inner, known)))
  const deepest = branches.sort((a, b) => depth(b) - depth(a))[0]
  const path = pathOf(issue)
  if (!deepest || depth(deepest) === 0)
    return [
      {
        path,
        message:
          branches
            .map((branch) => branch[0]?.message)
            .filter(Boolean)
            .join(', or ') || issue.message,
      },
    ]
  return deepest.map((inner) => ({ ...inner, path: [...path, ...inner.path] }))
}
const depth = (issues: readonly Issue[]): number => Math.max(0, ...issues.map((issue) => issue.path.length))

const issuesOf = (issue: RawIssue, known: readonly string[]): Issue[] => {
  const path = pathOf(issue)
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => unknownKey(path, key, path.length === 0 ? known : []))
  if (issue.code === 'invalid_key') return issue.issues.map((inner) => ({ path, message: inner.message }))
  if (issue.code === 'invalid_union') return unionIssues(issue, known)
  return [{ path, message: issue.code === 'invalid_type' ? typeText(issue) : issue.message }]
}

/** zod's words for types, in those of people who write JSON. */
const TYPE_WORDS: Record<string, string> = {
  string: 'text',
  boolean: 'true or false',
  record: 'an object',
  object: 'an object',
  array: 'a list',
  int: 'a whole number',
  number: 'a number',
}

/** A message of our own stays; zod's "expected X, received Y" says what the field may be. */
const typeText = (issue: Extract<RawIssue, { code: 'invalid_type' }>): string => {
  const given = /^Invalid input: expected (\S+), received (\S+)$/.exec(issue.message)
  if (!given) return issue.message
  if (given[2] === 'undefined') return 'is required'
  return `must be ${TYPE_WORDS[issue.expected] ?? issue.expected}, not ${given[2] ?? ''}`
}

/** @param known the names a mistyped field of the record may have been meant to be. */
export const toIssues = (issues: readonly RawIssue[], known: readonly string[] = []): Issue[] =>
  issues.flatMap((issue) => issuesOf(issue, known))

/** One line for people: `path: message; path: message`. */
export const issueText = (issues: readonly Issue[]): string =>
  issues
    .map((issue) => (issue.path.length > 0 ? `${issue.path.join('.')}: ${issue.message}` : issue.message))
    .join('; ')
