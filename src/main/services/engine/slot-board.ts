/** Which run sits in which execution slot: a run keeps its slot, and its number, while it lasts. */
export interface SlotBoard {
  /** Takes note of what runs now; the board is as long as `capacity`, or as the highest taken slot. */
  seat: (historyIds: readonly string[], capacity: number) => void
  /** The run in each slot, from the first. */
  holders: () => readonly (string | undefined)[]
  /** A small number for a run, from 1, never used twice. */
  numberOf: (historyId: string) => number
}

export const createSlotBoard = (): SlotBoard => {
  const slots: (string | undefined)[] = []
  const numbers = new Map<string, number>()
  let lastNumber = 0

  const release = (ids: ReadonlySet<string>): void => {
    for (const [slot, holder] of slots.entries())
      if (holder !== undefined && !ids.has(holder)) slots[slot] = undefined
    for (const id of numbers.keys()) if (!ids.has(id)) numbers.delete(id)
  }
  const take = (historyId: string): void => {
    if (slots.includes(historyId)) return
    const free = slots.indexOf(undefined)
    if (free === -1) slots.push(historyId)
    else slots[free] = historyId
  }
  const resize = (capacity: number): void => {
    while (slots.length < capacity) slots.push(undefined)
    while (slots.length > capacity && slots.at(-1) === undefined) slots.pop()
  }

  return {
    seat: (historyIds, capacity) => {
      release(new Set(historyIds))
      for (const id of historyIds) take(id)
      resize(capacity)
    },
    holders: () => slots,
    numberOf: (historyId) => {
      const number = numbers.get(historyId) ?? (lastNumber += 1)
      numbers.set(historyId, number)
      return number
    },
  }
}
