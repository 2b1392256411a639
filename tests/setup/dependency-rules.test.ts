import { symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createProject } from './project.ts'

const TYPESCRIPT = join(import.meta.dirname, '..', '..', 'node_modules', 'typescript')

/** Lists packages that no file imports; the rules complain of one that is listed without being declared. */
const withNotImported = `
import { NOT_IMPORTED } from '../scripts/check/not-imported.mjs'
import { readFileSync, writeFileSync } from 'node:fs'
const manifest = JSON.parse(readFileSync('package.json', 'utf8'))
manifest.devDependencies = Object.fromEntries(Object.keys(NOT_IMPORTED).map((name) => [name, '1.0.0']))
writeFileSync('package.json', JSON.stringify(manifest))
`

interface Packages {
  dependencies?: Record<string, string>
  source?: string
  lock?: Record<string, { version: string }>
}

/** The faults that `npm run check` finds in a project with these packages and this one source file. */
async function faultsOf({ dependencies = {}, source = '', lock = {} }: Packages): Promise<string[]> {
  const project = createProject()
  project.write('package.json', JSON.stringify({ type: 'module', dependencies }))
  project.write('package-lock.json', JSON.stringify({ packages: lock }))
  project.write('src/main/a.ts', source)
  symlinkSync(TYPESCRIPT, join(project.folder, 'node_modules', 'typescript'), 'junction')
  project.write(
    'ask/ask.mjs',
    `${withNotImported}
     const { dependencyFaults } = await import('../scripts/check/dependency-rules.mjs')
     console.log(JSON.stringify(dependencyFaults(process.cwd())))`,
  )
  const { stdout } = await project.run(['ask/ask.mjs'])
  const faults = JSON.parse(stdout) as string[]
  // The scripts themselves import packages of the real project.
  return faults.filter((fault) => !fault.startsWith('scripts/'))
}

describe('dependency rules', () => {
  it('are content with a package that is declared exactly and used', async () => {
    const source =
      "import { a } from 'alpha/deep'\nimport type {\n  B,\n} from '@scope/beta'\nawait import('gamma')"
    const dependencies = {
      alpha: '1.2.3',
      '@scope/beta': '1.0.0-rc.1',
      gamma: '0.0.1',
      '@types/gamma': '0.0.2',
    }
    expect(await faultsOf({ dependencies, source })).toEqual([])
  })

  it('name the file that uses an undeclared package', async () => {
    expect(await faultsOf({ source: "import 'alpha'\nimport fs from 'node:fs'\nimport './b.ts'" })).toEqual([
      'src/main/a.ts uses alpha, which package.json does not declare',
    ])
  })

  it('name a declared package that nothing uses', async () => {
    expect(await faultsOf({ dependencies: { alpha: '1.0.0' } })).toEqual([
      'package.json declares alpha, which nothing uses',
    ])
  })

  it('take an exact version of a package under another name', async () => {
    const dependencies = { alpha: 'npm:@scope/beta@1.2.3' }
    expect(await faultsOf({ dependencies, source: "import 'alpha'" })).toEqual([])
  })

  it.each(['^1.0.0', '1.x', 'latest', '>=1.0.0', 'npm:beta@^1.0.0'])(
    'refuse the version %s',
    async (version) => {
      expect(await faultsOf({ dependencies: { alpha: version }, source: "import 'alpha'" })).toEqual([
        `package.json asks for alpha ${version}: only exact versions`,
      ])
    },
  )

  it('see imports, not text that looks like one', async () => {
    const source = `/* import 'alpha' */ export const text = "import('beta')" // import 'gamma'`
    expect(await faultsOf({ source })).toEqual([])
  })

  it('find a second copy of a driver and mixed MikroORM versions', async () => {
    const faults = await faultsOf({
      lock: {
        'node_modules/kysely': { version: '1.0.0' },
        'node_modules/x/node_modules/kysely': { version: '2.0.0' },
        'node_modules/@mikro-orm/core': { version: '7.0.0' },
        'node_modules/@mikro-orm/sqlite': { version: '7.0.1' },
      },
    })
    expect(faults).toEqual([
      'package-lock.json has 2 copies of kysely: node_modules/kysely, node_modules/x/node_modules/kysely',
      'package-lock.json mixes MikroORM versions: 7.0.0, 7.0.1',
    ])
  })
})
