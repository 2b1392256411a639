import { describe, expect, it } from 'vitest'
import {
  allOf,
  changedSince,
  decide,
  isChanged,
  otherSides,
  readJson,
  resultOf,
  startOf,
  startTyping,
  takeSide,
  toJson,
  typeField,
  type Draft,
} from '../../src/renderer/features/sync/draft.ts'
import { byRule, conflictField, conflictOf } from '../support/sync-records.ts'

const SECRET = { token: { secret: true } }

const two = () =>
  conflictOf('two', {
    fields: [conflictField('timeout', [1, 2, 3]), conflictField('priority', [0, 4, 5])],
  })

const withSecret = () =>
  conflictOf('secret', {
    fields: [conflictField('timeout', [1, 2, 3]), conflictField('parameters', [SECRET, SECRET, SECRET])],
  })

const picks = (draft: Draft): Record<string, string> =>
  Object.fromEntries(Object.entries(draft.picks).map(([field, pick]) => [field, pick.of]))

const problemOf = (decision: ReturnType<typeof decide>): string =>
  'problem' in decision ? decision.problem : ''

describe('what is chosen of a conflict', () => {
  it('begins with what applies, and is asked for as one side', () => {
    const conflict = two()
    expect(picks(startOf(conflict))).toEqual({ timeout: 'theirs', priority: 'theirs' })
    expect(decide(conflict, startOf(conflict))).toEqual({ take: 'theirs' })
    expect(decide(conflict, allOf(conflict, 'mine'))).toEqual({ take: 'mine' })
  })

  it('is a side for every field where the sides differ', () => {
    const conflict = two()
    const draft = takeSide(conflict, startOf(conflict), 'timeout', 'mine')
    expect(decide(conflict, draft)).toEqual({ sides: { timeout: 'mine', priority: 'theirs' } })
  })

  it('takes fields together that only make sense together', () => {
    const conflict = conflictOf('group', {
      fields: [
        conflictField('schedule', ['a', 'b', 'c']),
        conflictField('timeZone', ['UTC', 'Europe/Paris', 'Europe/Rome']),
        conflictField('timeout', [1, 2, 3]),
      ],
    })
    const draft = takeSide(conflict, startOf(conflict), 'timeZone', 'mine')
    expect(picks(draft)).toEqual({ schedule: 'mine', timeZone: 'mine', timeout: 'theirs' })
  })

  it('may be typed, and says what of it is no JSON', () => {
    const conflict = two()
    const [timeout] = conflict.fields
    if (!timeout) throw new Error('it has fields')
    const typing = startTyping(startOf(conflict), timeout)
    expect(resultOf(timeout, typing)).toEqual({ value: 3 })
    const wrong = typeField(typing, 'timeout', 'ten')
    expect(problemOf(decide(conflict, wrong))).toMatch(/^timeout: This is no JSON/)
    expect(decide(conflict, typeField(typing, 'timeout', '10'))).toEqual({
      sides: { priority: 'theirs' },
      merged: { timeout: 10 },
    })
  })

  it('leaves fields with secrets to a side, by its name', () => {
    const conflict = withSecret()
    const start = startOf(conflict)
    expect(decide(conflict, takeSide(conflict, start, 'parameters', 'mine'))).toEqual({
      sides: { timeout: 'theirs', parameters: 'mine' },
    })
    expect(JSON.parse(toJson(conflict, start))).toEqual({ timeout: 3 })
  })
})

describe('a result that is written as JSON', () => {
  const written = (json: string) => readJson(two(), { ...startOf(two()), json })

  it('finds the sides again that it has the values of', () => {
    const read = written('{"timeout": 2, "priority": 9}')
    if ('problem' in read) throw new Error(read.problem)
    expect(picks(read)).toEqual({ timeout: 'mine', priority: 'own' })
    expect(decide(two(), read)).toEqual({ sides: { timeout: 'mine' }, merged: { priority: 9 } })
  })

  it('keeps what it does not name, and refuses what is none of the conflict', () => {
    const read = written('{"timeout": 2}')
    expect('problem' in read ? read : picks(read)).toEqual({ timeout: 'mine', priority: 'theirs' })
    expect(written('{"timeuot": 2}')).toEqual({
      problem: 'timeuot is not among the fields of this conflict.',
    })
    expect(written('[1]')).toEqual({ problem: 'This is no object of fields and values.' })
    expect(written('{')).toHaveProperty('problem')
  })
})

describe('a conflict that is decided', () => {
  it('by rule is taken back by the other side of each field', () => {
    expect(otherSides(byRule(two()))).toEqual({ take: 'mine' })
    const mixed = byRule(
      conflictOf('mixed', {
        fields: [
          conflictField('timeout', [1, 2, 3], { taken: 'mine' }),
          conflictField('priority', [0, 4, 5]),
        ],
      }),
    )
    expect(otherSides(mixed)).toEqual({ sides: { timeout: 'theirs', priority: 'mine' } })
    expect(otherSides({ ...byRule(two()), kind: 'DeletedHere' })).toBeNull()
  })

  it('is saved again only where something is chosen anew', () => {
    const conflict = byRule(two())
    expect(isChanged(conflict, startOf(conflict))).toBe(false)
    expect(isChanged(conflict, allOf(conflict, 'mine'))).toBe(true)
  })

  it('with a suffix for its name begins with the name that was given', () => {
    const name = conflictOf('name', {
      kind: 'NameTaken',
      fields: [conflictField('taskName', [null, 'A', 'A'], { taken: 'merged', value: 'A (2)' })],
    })
    expect(decide(name, startOf(name))).toEqual({ merged: { taskName: 'A (2)' } })
    expect(changedSince(name)).toEqual([])
  })

  it('by somebody begins with what the record holds', () => {
    const conflict = {
      ...two(),
      ...{ resolvedAt: '2026-11-24T14:00:00.000Z', resolvedBy: 'anna', resolution: 'merged' as const },
      current: { timeout: 2, priority: 9 },
    }
    expect(picks(startOf(conflict))).toEqual({ timeout: 'mine', priority: 'own' })
    expect(changedSince(conflict)).toEqual([])
  })
})

describe('a record that was changed after its conflict', () => {
  it('is told field by field', () => {
    expect(changedSince(two())).toEqual([])
    expect(changedSince({ ...two(), current: { timeout: 7, priority: 5 } })).toEqual([
      { field: 'timeout', now: 7 },
    ])
    expect(changedSince({ ...two(), current: null })).toEqual([])
  })
})
