import { describe, expect, it } from 'vitest'
import { matching, piecesOf } from '../../src/renderer/palette/match.ts'
import { isId, pastedLink, wantedOf } from '../../src/renderer/palette/query.ts'

const hits = (text: string, wanted: string): string[] =>
  piecesOf(text, wanted).flatMap(({ text: piece, isHit }) => (isHit ? [piece] : []))

const same = (text: string): string => text

describe('matching in the palette', () => {
  const items = ['Emergency stop…', 'Lease, Settings', 'Kept for, Runs', 'Überwachung', 'バックアップ']

  it('takes words in any order', () => {
    expect(matching(items, same, 'runs kept')).toEqual(['Kept for, Runs'])
  })

  it('forgives one slip in a word', () => {
    expect(matching(items, same, 'emregency')).toEqual(['Emergency stop…'])
  })

  it('knows other scripts than ours', () => {
    expect(matching(items, same, 'überw')).toEqual(['Überwachung'])
    expect(matching(items, same, 'バック')).toEqual(['バックアップ'])
  })

  it('keeps all in their order where nothing is asked for', () => {
    expect(matching(items, same, '  ')).toEqual(items)
  })

  it('survives whatever is typed', () => {
    for (const typed of ['…', '///', '(((', '\\', '[a-z', '*', 'a'.repeat(500), '%_', "'"])
      expect(() => [matching(items, same, typed), piecesOf('Lease', typed)]).not.toThrow()
  })
})

describe('what is marked', () => {
  it('is what matches, and the pieces together are the text', () => {
    expect(hits('Export orders to SAP', 'sap orders')).toEqual(['orders', 'SAP'])
    expect(
      piecesOf('Export orders to SAP', 'orders')
        .map(({ text }) => text)
        .join(''),
    ).toBe('Export orders to SAP')
  })

  it('is nothing in a text that does not match', () => {
    expect(piecesOf('Export', 'zebra')).toEqual([{ text: 'Export', isHit: false }])
    expect(piecesOf('Export', '')).toEqual([{ text: 'Export', isHit: false }])
  })
})

describe('what is typed', () => {
  it('asks by its first letter for actions, nodes or runs only', () => {
    expect(wantedOf('> stop ')).toEqual({ mode: 'actions', text: 'stop' })
    expect(wantedOf('@db-01')).toEqual({ mode: 'nodes', text: 'db-01' })
    expect(wantedOf('#')).toEqual({ mode: 'runs', text: '' })
    expect(wantedOf(' sap')).toEqual({ mode: 'all', text: 'sap' })
  })

  it('may be a whole id, or a link', () => {
    expect(isId('0190aaaa-1111-7000-8000-000000000001')).toBe(true)
    expect(isId('0190aaaa')).toBe(false)
    expect(pastedLink('pswebhost://node/n1')).toEqual({ path: ['nodes', 'n1'] })
    expect(pastedLink('node')).toBeNull()
  })
})
