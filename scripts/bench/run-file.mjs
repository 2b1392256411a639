import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const WORKER = fileURLToPath(new URL('./worker.mjs', import.meta.url))

/**
 * Runs one benchmark file in a process of its own: its memory and its warm-up are not another one's.
 * @returns {Promise<{ rows: object[], failure?: string }>} what it measured until it ended
 */
export function runBenchFile(node, file) {
  return new Promise((resolve) => {
    const child = fork(WORKER, [file], { execPath: node, stdio: ['ignore', 2, 2, 'ipc'] })
    const result = { rows: [] }
    child.on('message', (rows) => (result.rows = rows))
    child.once('error', (error) => resolve({ ...result, failure: error.message }))
    child.once('close', (code, signal) => {
      const failed = code !== 0 || signal !== null
      resolve(failed ? { ...result, failure: `ended with ${signal ?? `code ${code}`}` } : result)
    })
  })
}
