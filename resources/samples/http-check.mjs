// Fails when a web address does not answer as it should.
import { atLeast, conclude, listOf, runTask } from './task.mjs'

const defaults = {
  urls: ['http://localhost:80/'],
  expectStatus: [200],
  /** Text that the answer must hold; empty for none. */
  contains: '',
  maxMilliseconds: 5000,
}

const look = async (url, { expectStatus, contains, maxMilliseconds }) => {
  const start = performance.now()
  const answer = await fetch(url, { signal: AbortSignal.timeout(maxMilliseconds) })
  const body = await answer.text()
  const text = `${url}: ${answer.status} in ${Math.round(performance.now() - start)} ms`
  if (!listOf(expectStatus).includes(answer.status))
    return { problem: `${text}, expected ${listOf(expectStatus).join(' or ')}` }
  return contains && !body.includes(contains) ? { problem: `${text}, but without "${contains}"` } : { text }
}

/** fetch says "fetch failed"; what failed is in the cause. */
const reason = (error, maxMilliseconds) =>
  error.name === 'TimeoutError'
    ? `no answer within ${maxMilliseconds} ms`
    : error.cause?.message || error.cause?.code || error.message

await runTask(defaults, async (parameters) => {
  const maxMilliseconds = atLeast(parameters, 'maxMilliseconds', 1)
  const urls = listOf(parameters.urls)
  const found = await Promise.all(
    urls.map((url) =>
      look(url, parameters).catch((error) => ({ problem: `${url}: ${reason(error, maxMilliseconds)}` })),
    ),
  )
  return conclude(
    found.map(({ text }) => text).join('; '),
    found.flatMap(({ problem }) => (problem ? [problem] : [])),
  )
})
