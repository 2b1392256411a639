import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Image } from '../../src/shared/domain/change.ts'
import { mergeRecord, type MergeInput, type Side } from '../../src/shared/domain/merge.ts'

const BASE: Image = { taskId: 't', taskName: 'a', priority: 1, timeout: null, version: 4, modifiedAt: 'x' }

const merge = (mine: Image | null, theirs: Image | null, side: Side = 'mine', base: Image | null = BASE) =>
  mergeRecord({ tableName: 'Tasks', base, mine, theirs, winner: () => side })

describe('merging a record', () => {
  it('takes from each side what only that side changed', () => {
    const { record, changed, conflict } = merge(
      { ...BASE, priority: 2 },
      { ...BASE, timeout: 30, version: 9 },
    )
    expect(record).toMatchObject({ priority: 2, timeout: 30, version: 9 })
    expect(changed).toEqual(['priority'])
    expect(conflict).toBeNull()
  })

  it('tells what both changed, with all three values, whoever wins', () => {
    for (const side of ['mine', 'theirs'] as const) {
      const { record, conflict } = merge({ ...BASE, priority: 2 }, { ...BASE, priority: 3 }, side)
      expect(record?.['priority']).toBe(side === 'mine' ? 2 : 3)
      expect(conflict).toEqual({
        kind: 'Edit',
        fields: [{ field: 'priority', base: 1, mine: 2, theirs: 3, taken: side }],
      })
    }
  })

  it('finds no conflict where both did the same', () => {
    expect(merge({ ...BASE, priority: 2 }, { ...BASE, priority: 2 })).toMatchObject({
      ...{ changed: [], conflict: null },
    })
  })

  it('never mixes fields that belong together', () => {
    const base: Image = { ...BASE, scriptPath: 'a.sh', scriptHash: null, scriptType: 'bash' }
    const mine = { ...base, scriptPath: 'b.ps1', scriptType: 'powershell' }
    const theirs = { ...base, scriptHash: 'f'.repeat(64) }
    expect(merge(mine, theirs, 'mine', base).record).toMatchObject({
      ...{ scriptPath: 'b.ps1', scriptType: 'powershell', scriptHash: null },
    })
    expect(merge(mine, theirs, 'theirs', base).record).toEqual(theirs)
  })

  it('lets an edit win over a deletion that had not seen it, either way', () => {
    const edited = { ...BASE, priority: 2 }
    expect(merge(null, edited)).toMatchObject({ record: edited, conflict: { kind: 'DeletedHere' } })
    expect(merge(edited, null)).toMatchObject({ record: edited, conflict: { kind: 'DeletedThere' } })
    expect(merge(null, { ...BASE, version: 5, modifiedAt: 'y' })).toMatchObject({
      ...{ record: null, conflict: null },
    })
  })

  it('takes no field for an edit that another schema version does not have', () => {
    const { record, changed } = merge({ ...BASE, priority: 2 }, { ...BASE, newField: 7 })
    expect(record).toMatchObject({ priority: 2, newField: 7 })
    expect(changed).toEqual(['priority'])
  })

  const value = fc.constantFrom(0, 1, 2, 'a', null)
  const image = fc.record({ taskName: value, priority: value, timeout: value, retryDelay: value })

  it('keeps every value that differs from its base in the record or in the conflict', () => {
    const input = fc.record({
      base: image,
      mine: image,
      theirs: image,
      side: fc.constantFrom('mine', 'theirs'),
    })
    fc.assert(
      fc.property(input, ({ base, mine, theirs, side }) => {
        const given: MergeInput = { tableName: 'Tasks', base, mine, theirs, winner: () => side }
        const { record, conflict } = mergeRecord(given)
        for (const field of Object.keys(base) as (keyof typeof base)[]) {
          const told = conflict?.fields.find((one) => one.field === field)
          for (const edit of [mine, theirs]) {
            if (edit[field] === base[field]) continue
            const isKept = record?.[field] === edit[field]
            expect(isKept || told?.mine === edit[field] || told?.theirs === edit[field]).toBe(true)
          }
          if (mine[field] === base[field]) expect(record?.[field]).toBe(theirs[field])
        }
      }),
    )
  })
})
