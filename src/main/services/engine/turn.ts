/** One after the other, first come, first served: a failed one lets the next in. */
export type Turn = <T>(work: () => Promise<T>) => Promise<T>

export const createTurn = (): Turn => {
  let last: Promise<unknown> = Promise.resolve()
  return (work) => {
    const done = last.then(work)
    last = done.catch(() => undefined)
    return done
  }
}
