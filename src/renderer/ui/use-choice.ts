import { useRef } from 'react'
import { useCommands } from '../lib/use-commands.ts'

/** Which rows of a table are chosen, by their keys. Only shown rows can be. */
export interface Choice {
  chosen: ReadonlySet<string>
  onChoose: (keys: ReadonlySet<string>) => void
}

/**
 * Choosing rows: `X` the one at the cursor, with Shift all between the last one and it, `Ctrl A` all that are
 * shown, `Esc` none.
 */
export const useChoice = (choice: Choice | undefined, keys: readonly string[], cursor: number) => {
  const anchor = useRef(0)
  const chosen = choice?.chosen ?? new Set<string>()
  const all = keys.length > 0 && keys.every((key) => chosen.has(key))
  const toggle = (index: number, range: boolean): void => {
    const key = keys[index]
    if (!choice || key === undefined) return
    const next = new Set(chosen)
    if (range) {
      const [from, to] = [Math.min(anchor.current, index), Math.max(anchor.current, index)]
      for (const one of keys.slice(from, to + 1)) next.add(one)
    } else if (!next.delete(key)) next.add(key)
    anchor.current = index
    choice.onChoose(next)
  }
  const toggleAll = (): void => choice?.onChoose(new Set(all ? [] : keys))
  useCommands('list', {
    choose: choice && ((event) => toggle(cursor, event?.shiftKey ?? false)),
    all: choice && toggleAll,
    clear: choice && chosen.size > 0 ? () => choice.onChoose(new Set()) : undefined,
  })
  return { all, toggle, toggleAll }
}
