/** Every report of `work` in order; returns its result, or throws its failure. */
async function* reportsOf<Report, Result>(
  work: (report: (item: Report) => void) => Promise<Result>,
): AsyncGenerator<Report, Result> {
  const waiting: Report[] = []
  let wake = (): void => {}
  let finished = false
  const done = work((item) => {
    waiting.push(item)
    wake()
  }).finally(() => {
    finished = true
    wake()
  })
  // The failure is thrown by the await below; until then it must not count as unhandled.
  done.catch(() => {})
  while (!finished || waiting.length > 0) {
    const item = waiting.shift()
    if (item !== undefined) yield item
    else await new Promise<void>((resolve) => (wake = resolve))
  }
  return await done
}

/**
 * Work that reports by callback, as a stream: every report in order, then the result. The work goes on
 * when its reader leaves: half an import is worse than one nobody watched.
 */
export async function* progressStream<Report, Result>(
  work: (report: (item: Report) => void) => Promise<Result>,
): AsyncGenerator<Report | { result: Result }> {
  yield { result: yield* reportsOf(work) }
}

/** The same of work that is cancelled when its reader leaves; `{ done }` comes last. */
export async function* cancellableStream<Report, Result>(
  left: AbortSignal,
  work: (report: (item: Report) => void, signal: AbortSignal) => Promise<Result>,
): AsyncGenerator<Report | { done: Result }> {
  const over = new AbortController()
  const signal = AbortSignal.any([left, over.signal])
  try {
    yield { done: yield* reportsOf<Report, Result>((report) => work(report, signal)) }
  } finally {
    over.abort()
  }
}
