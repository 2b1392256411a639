/**
 * What the samples share. A task gets its parameters as one JSON document on stdin, prints one line that
 * says what it found, and ends with 0; or it says on stderr what is wrong, and ends with 1.
 */

/** Something that a person should look at: its message is the reason of the failed run. */
export class Problem extends Error {}

/**
 * @param {Record<string, unknown>} defaults every parameter the task knows, with its default
 * @param {(parameters: Record<string, any>) => Promise<string>} work answers the one-line result
 */
export const runTask = async (defaults, work) => {
  try {
    const given = await readParameters()
    const unknown = Object.keys(given).filter((name) => !Object.hasOwn(defaults, name))
    if (unknown.length > 0)
      throw new Problem(
        `Unknown parameter ${unknown.join(', ')}; there are ${Object.keys(defaults).join(', ')}`,
      )
    console.log(await work({ ...defaults, ...given }))
  } catch (error) {
    console.error(error instanceof Problem || error.code ? error.message : error.stack)
    process.exitCode = 1
  }
}

const readParameters = async () => {
  if (process.stdin.isTTY) return {}
  const chunks = []
  for await (const chunk of process.stdin) chunks.push(chunk)
  const text = Buffer.concat(chunks).toString('utf8').trim()
  if (text === '') return {}
  const value = parse(text)
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value
  throw new Problem('The parameters on stdin are not a JSON object')
}

const parse = (text) => {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new Problem(`The parameters on stdin are not JSON: ${error.message}`)
  }
}

/** A parameter without which there is nothing to do. */
export const required = (parameters, name) => {
  const value = parameters[name]
  if (typeof value === 'string' && value !== '') return value
  throw new Problem(`Set the parameter "${name}"`)
}

/** A list parameter; a single value counts as a list of one. */
export const listOf = (value) =>
  value === null || value === undefined ? [] : Array.isArray(value) ? value : [value]

/** A number parameter that has to be at least `min`. */
export const atLeast = (parameters, name, min) => {
  const value = parameters[name]
  if (typeof value === 'number' && value >= min) return value
  throw new Problem(`The parameter "${name}" must be a number of at least ${min}`)
}

/** Several findings as one result: fails with all of them when there is any problem. */
export const conclude = (fine, problems) => {
  if (problems.length > 0) throw new Problem(problems.join('\n'))
  return fine
}

/** `*` and `?` of a file name as people write them, without case on Windows. */
export const namePattern = (pattern) => {
  const escaped = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.')
  return new RegExp(`^${escaped}$`, process.platform === 'win32' ? 'i' : '')
}

export const size = (bytes) => {
  const units = ['B', 'KB', 'MB', 'GB', 'TB']
  const step = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log(bytes) / Math.log(1024)))
  return `${(bytes / 1024 ** step).toFixed(step === 0 ? 0 : 1)} ${units[step]}`
}
