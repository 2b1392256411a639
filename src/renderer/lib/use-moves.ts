import { useCommands } from './use-commands.ts'

interface Moves<T> {
  items: readonly T[]
  keyOf: (item: T) => string
  /** The item that is shown. */
  at: string | undefined
  onMove: (item: T) => void
}

/** J and K, or the arrows, go through a list of which one item is shown beside it. */
export const useMoves = <T>({ items, keyOf, at, onMove }: Moves<T>): void => {
  const move = (step: number): void => {
    const here = items.findIndex((item) => keyOf(item) === at)
    const next = items[Math.max(0, Math.min(items.length - 1, here + step))]
    if (next) onMove(next)
  }
  useCommands('list', { down: () => move(1), up: () => move(-1) })
}
