import { expect, it } from 'vitest'
import { nameIssue, roomIssue } from '../../src/renderer/features/settings/locks/lock-issues.ts'

it.each([
  ['', 'must have a name'],
  ['  ', 'must have a name'],
  ['sap', null],
])('of the lock group “%s” says %s', (name, issue) => expect(nameIssue(name)).toBe(issue))

it.each([
  ['', 'must be a number from 1 to 1000'],
  [0, 'must be a number from 1 to 1000'],
  [1001, 'must be a number from 1 to 1000'],
  [1, null],
  [1000, null],
] as const)('of room for %s says %s', (room, issue) => expect(roomIssue(room)).toBe(issue))
