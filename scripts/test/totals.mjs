import { relative } from 'node:path'

/**
 * What a run of vitest amounts to.
 * @param {object | undefined} report vitest's JSON report; undefined when it wrote none
 * @param {number} exitCode vitest's own
 * @param {string} root file names are given relative to it
 * @returns {{ passed: number, failed: number, skipped: number, skippedNames: string[] }} `failed` is never 0
 *   when vitest was not content: a file that could not be loaded and an error outside any test count too
 */
export function totals(report, exitCode, root) {
  const files = report?.testResults ?? []
  const tests = files.flatMap((file) => file.assertionResults.map((test) => ({ ...test, file: file.name })))
  const brokenFiles = files.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some(isFailed),
  )
  const skipped = tests.filter((test) => !isFailed(test) && test.status !== 'passed')
  const failed = tests.filter(isFailed).length + brokenFiles.length
  return {
    passed: tests.filter((test) => test.status === 'passed').length,
    failed: failed === 0 && exitCode !== 0 ? 1 : failed,
    skipped: skipped.length,
    skippedNames: skipped.map((test) => `${test.fullName} (${relative(root, test.file)})`),
  }
}

const isFailed = (test) => test.status === 'failed'

/** `12 passed, 0 failed`, and `, 3 skipped` when there are any. */
export const totalsLine = ({ passed, failed, skipped }) =>
  `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`

/** True when vitest is asked to run only tests of certain names. */
export const selectsByName = (args) => args.some((arg) => /^(-t|--testNamePattern)(=|$)/.test(arg))
