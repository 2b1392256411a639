/** Answers come in any order; only the one to the latest question may be shown. */
export interface Latest {
  /** Waits for an answer, and hands it on unless something newer stands by then. */
  ask: <T>(answer: Promise<T>, show: (value: T) => void) => Promise<void>
  /**
   * Something newer is known without asking: answers that are still under way do not count.
   * @returns whether there were any; what else they would have told is to be asked for again
   */
  overtake: () => boolean
}

export const createLatest = (): Latest => {
  let asked = 0
  let shown = 0
  return {
    ask: async (answer, show) => {
      const ticket = ++asked
      const value = await answer
      if (ticket !== asked) return
      shown = ticket
      show(value)
    },
    overtake: () => {
      const wereAsked = shown < asked
      shown = ++asked
      return wereAsked
    },
  }
}
