import { spawn } from 'node:child_process'
import { availableParallelism } from 'node:os'

/**
 * Runs all steps, two or more at a time, and prints each as it ends, with what it said if it failed.
 * @param {{ name: string, command: string, args: string[] }[]} steps
 * @param {string} cwd
 * @returns {Promise<number>} how many failed
 */
export async function runSteps(steps, cwd) {
  const waiting = [...steps]
  let failed = 0
  const work = async () => {
    for (let step = waiting.shift(); step; step = waiting.shift()) {
      const { code, output, seconds } = await runStep(step, cwd)
      if (code !== 0) failed += 1
      console.log(
        `${code === 0 ? 'ok    ' : 'FAILED'}  ${step.name}, ${seconds} s${code === 0 ? '' : `\n${output}`}`,
      )
    }
  }
  await Promise.all(Array.from({ length: Math.max(2, availableParallelism()) }, work))
  return failed
}

function runStep({ command, args }, cwd) {
  const startedAt = performance.now()
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] })
    const chunks = []
    child.stdout.on('data', (chunk) => chunks.push(chunk))
    child.stderr.on('data', (chunk) => chunks.push(chunk))
    const end = (code, more = '') =>
      resolve({
        code,
        output: `${Buffer.concat(chunks).toString()}${more}`.trimEnd(),
        seconds: ((performance.now() - startedAt) / 1000).toFixed(1),
      })
    child.once('error', (error) => end(127, error.message))
    child.once('close', (code) => end(code ?? 1))
  })
}
