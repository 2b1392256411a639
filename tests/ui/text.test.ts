import { describe, expect, it } from 'vitest'
import { parseAnsi, stripAnsi } from '../../src/renderer/lib/ansi.ts'
import { duration, relative } from '../../src/renderer/lib/format.ts'
import { wordDiff } from '../../src/renderer/lib/word-diff.ts'

describe('word diff', () => {
  it('marks only the words that differ', () => {
    expect(wordDiff('copies the old folder', 'copies the new folder')).toEqual([
      { kind: ' ', text: 'copies the ' },
      { kind: '-', text: 'old' },
      { kind: '+', text: 'new' },
      { kind: ' ', text: ' folder' },
    ])
  })

  it('gives both texts back from its pieces, whatever they are', () => {
    const [before, after] = ['*/30 7-19 * * *', 'every day at 7, 19 and 30 past']
    const pieces = wordDiff(before, after)
    const side = (not: string): string =>
      pieces
        .filter((piece) => piece.kind !== not)
        .map((piece) => piece.text)
        .join('')
    expect([side('+'), side('-')]).toEqual([before, after])
  })

  it('counts texts too long to compare as replaced', () => {
    const long = 'a '.repeat(2000)
    expect(wordDiff(long, `${long}b`).map((piece) => piece.kind)).toEqual(['-', '+'])
  })
})

describe('output with escape sequences', () => {
  it('keeps the 16 colours and bold, and carries a colour into the next line', () => {
    const { parts, rest } = parseAnsi('\u001b[1;31mERROR\u001b[0m at \u001b[93mline 3')
    expect(parts).toEqual([
      { text: 'ERROR', color: 'red', bold: true },
      { text: ' at ', color: null, bold: false },
      { text: 'line 3', color: 'yellow', bold: false },
    ])
    expect(rest).toEqual({ color: 'yellow', bold: false })
  })

  it('drops cursor movements, titles, links and colours beyond the 16', () => {
    const line =
      '\u001b[2K\u001b]0;title\u0007a\u001b[38;5;196mb\u001b[48;2;1;2;3mc\u001b]8;;http://x\u001b\\d'
    expect(stripAnsi(line)).toBe('abcd')
    expect(parseAnsi(line).parts.every((part) => part.color === null)).toBe(true)
  })
})

describe('times', () => {
  it('are one unit when relative, so that ticking does not change their width', () => {
    const now = Date.parse('2026-11-24T13:09:32Z')
    const texts = [-500, -59_000, -125_000, 28_000, 5_400_000].map((ms) => relative(now + ms, now))
    expect(texts).toEqual(['now', '59\u202fs ago', '2\u202fm ago', 'in 28\u202fs', 'in 1\u202fh'])
  })

  it('show durations in two units from a minute on', () => {
    expect([0.214, 4.12, 42, 85, 5160, 273_600].map(duration)).toEqual(
      ['0.21 s', '4.1 s', '42 s', '1 m 25 s', '1 h 26 m', '3 d 04 h'].map((text) =>
        text.replace(/(\d) (?=[smhd])/g, '$1\u202f'),
      ),
    )
  })
})
