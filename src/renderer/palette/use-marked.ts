import { useState } from 'react'
import type { Item, ItemGroup } from './item.ts'

const STEP: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 }

/**
 * The line that Enter takes. The first one until somebody moves; then it stays the same line while others come, until
 * something else is asked for. The focus stays in the field; the line is named to who cannot see it.
 */
export const useMarked = (groups: readonly ItemGroup[], asked: string) => {
  const [mark, setMark] = useState<{ asked: string; id: string } | null>(null)
  const items = groups.flatMap((group) => group.items)
  const moved = mark?.asked === asked ? items.findIndex(({ id }) => id === mark.id) : -1
  const at = Math.max(0, moved)
  const to = (item: Item | undefined): void => {
    if (item) setMark({ asked, id: item.id })
  }
  return {
    item: items[at] ?? null,
    mark: to,
    /** @returns whether the key moves */
    move: (key: string): boolean => {
      const step = STEP[key]
      if (step === undefined || items.length === 0) return false
      // Single steps go round; whole pages stop at the ends.
      const next = at + step
      const isPage = Math.abs(step) > 1
      to(items[isPage ? Math.max(0, Math.min(items.length - 1, next)) : (next + items.length) % items.length])
      return true
    },
  }
}
