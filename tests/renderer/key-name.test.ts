import { describe, expect, it } from 'vitest'
import { isSingle, nameOf } from '../../src/renderer/lib/key-name.ts'

const pressed = (key: string, held: { alt?: true; ctrl?: true; meta?: true; altGr?: true } = {}) =>
  nameOf({
    ...{ key, altKey: held.alt ?? false, ctrlKey: held.ctrl ?? false, metaKey: held.meta ?? false },
    getModifierState: (name) => name === 'AltGraph' && held.altGr === true,
  })

describe('a key', () => {
  it('that is a sign is named by the sign, however a layout has it typed', () => {
    expect(pressed('[')).toBe('[')
    // A German Mac, and a German Windows.
    expect(pressed('[', { alt: true })).toBe('[')
    expect(pressed('[', { alt: true, ctrl: true, altGr: true })).toBe('[')
    expect(pressed('[', { ctrl: true })).toBe('Ctrl+[')
  })

  it('that is a letter, a digit or has a name keeps what is held with it', () => {
    expect(pressed('R')).toBe('r')
    expect(pressed('k', { meta: true })).toBe('Ctrl+k')
    expect(pressed('3', { alt: true })).toBe('Alt+3')
    expect(pressed('ArrowLeft', { alt: true })).toBe('Alt+ArrowLeft')
  })

  it.each(['r', '3', '/', '?', '[', '='])('%s is one of those that can be switched off', (key) => {
    expect(isSingle(key)).toBe(true)
  })

  it.each(['Enter', 'Escape', 'ArrowUp', 'Ctrl+k', 'Alt+3'])('%s is not', (key) => {
    expect(isSingle(key)).toBe(false)
  })
})
