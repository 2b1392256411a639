import { dependencyFaults } from './check/dependency-rules.mjs'
import { ignoredSources } from './check/ignored-sources.mjs'
import { runSteps } from './check/steps.mjs'
import { ROOT } from './setup/paths.mjs'
import { orExplain } from './setup/progress.mjs'
import { findNode } from './setup/runtime.mjs'

/* `npm run check`: everything that can be wrong without running the program. Shows every failure, not the first. */

const node = await orExplain(findNode)
const tool = (name, file, ...args) => ({ name, command: node, args: [`node_modules/${file}`, ...args] })

// The longest first: two run at a time.
const steps = [
  tool('lint', 'eslint/bin/eslint.js', '.', '--max-warnings=0'),
  tool('types of node and tests', 'typescript/bin/tsc', '--noEmit', '-p', 'tsconfig.node.json'),
  tool('types of the console', 'typescript/bin/tsc', '--noEmit', '-p', 'tsconfig.web.json'),
  tool('types on the stand-in Electron', 'typescript/bin/tsc', '--noEmit', '-p', 'tsconfig.electron-33.json'),
  tool('format', 'prettier/bin/prettier.cjs', '--check', '--log-level=warn', '.'),
]
const stepsFailed = await runSteps(steps, ROOT)

const rules = {
  'dependency rules': dependencyFaults(ROOT),
  'sources that git ignores': ignoredSources(ROOT),
}
for (const [name, faults] of Object.entries(rules))
  console.log(faults.length === 0 ? `ok      ${name}` : `FAILED  ${name}\n${faults.join('\n')}`)
const isBroken = Object.values(rules).some((faults) => faults.length > 0)
process.exit(stepsFailed > 0 || isBroken ? 1 : 0)
