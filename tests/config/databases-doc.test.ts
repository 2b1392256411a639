import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readTargetFile } from '../../src/main/config/target-file.ts'
import { DATABASE_TYPES } from '../../src/shared/domain/database.ts'

/** What docs/databases.md shows can be used as it stands, and what it explains is what the program says. */

const ROOT = new URL('../../', import.meta.url)
const page = await readFile(new URL('docs/databases.md', ROOT), 'utf8')

/** Fenced blocks of a language; those inside of a list are indented. */
const blocks = (language: string): string[] =>
  [...page.matchAll(new RegExp(`^( *)\`\`\`${language}\\n(.*?)^ *\`\`\``, 'gms'))].map(
    ([, indent = '', text = '']) => text.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
  )

const sources = async (): Promise<string> => {
  const folders = ['src/main/data', 'src/main/data/dialects', 'src/main/data/copy']
  const files = await Promise.all(
    folders.map(async (folder) => {
      const names = await readdir(new URL(`${folder}/`, ROOT))
      return names.filter((name) => name.endsWith('.ts')).map((name) => `${folder}/${name}`)
    }),
  )
  const texts = await Promise.all(files.flat().map((file) => readFile(new URL(file, ROOT), 'utf8')))
  // A message may be put together from several pieces.
  return texts.join('\n').replaceAll(/['`] \+\n\s+['`]/g, '')
}

describe('docs/databases.md', () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pswebhost-doc-'))
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  const yaml = blocks('yaml')

  it('shows every kind of database', () => {
    const shown = yaml.flatMap((text) => /^ {2}type: (\w+)$/m.exec(text)?.[1] ?? [])
    expect(new Set(shown)).toEqual(new Set(DATABASE_TYPES))
  })

  it.each(yaml)('shows what app.yaml takes: %s', async (text) => {
    const file = join(folder, 'target.yaml')
    await writeFile(file, text)
    await expect(readTargetFile(file, { MIGRATE_PASSWORD: 'x' })).resolves.toMatchObject({
      type: expect.any(String) as string,
    })
  })

  it('explains messages that the program has', async () => {
    const table = page.slice(page.indexOf('## Troubleshooting'))
    const messages = [...table.matchAll(/^\| `([^`]+)` +\|/gm)].map(([, message = '']) => message)
    expect(messages.length).toBeGreaterThan(20)
    const text = await sources()
    expect(messages.filter((message) => !text.includes(message))).toEqual([])
  })

  it('names scripts and commands that there are', async () => {
    const named = new Set(page.match(/resources\/sql\/[\w/.-]+\.sql/g))
    expect(named.size).toBe(6)
    for (const path of named) await expect(readFile(new URL(path, ROOT), 'utf8')).resolves.toMatch(/^-- /)
  })
})
