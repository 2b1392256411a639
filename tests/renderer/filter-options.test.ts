import { describe, expect, it } from 'vitest'
import { narrowed, nodeOptions, setWords, withSet } from '../../src/renderer/ui/filter-options.ts'

const labels = (options: readonly { label: string }[]): string[] => options.map(({ label }) => label)

describe('filter options', () => {
  it('keep what is set though it is not offered any more, so that it can be seen and cleared', () => {
    const options = [{ value: 'core', label: 'core' }]
    expect(labels(withSet(options, ['core', 'gone']))).toEqual(['core', 'gone'])
    expect(labels(withSet(options, []))).toEqual(['core'])
  })

  it('are narrowed by any part of the label, whatever the case', () => {
    const options = ['ops-01', 'web-01', 'Web-02'].map((name) => ({ value: name, label: name }))
    expect(labels(narrowed(options, ' WEB '))).toEqual(['web-01', 'Web-02'])
    expect(labels(narrowed(options, ''))).toEqual(['ops-01', 'web-01', 'Web-02'])
    expect(labels(narrowed(options, 'db'))).toEqual([])
  })

  it('are told by name up to three, then counted', () => {
    expect(setWords(['a', 'b', 'c'])).toBe('a, b, c')
    expect(setWords(['a', 'b', 'c', 'd', 'e'])).toBe('a, b, c and 2 more')
    expect(setWords([])).toBe('')
  })

  it('name nodes in the order people count them, and unknown ones by the start of their id', () => {
    const gone = '0190b2c4-0000-7000-8000-000000000001'
    expect(labels(nodeOptions({ a: 'web-10', b: 'web-2' }, [gone, 'a']))).toEqual([
      '0190b2c4',
      'web-2',
      'web-10',
    ])
  })
})
