import { readdirSync } from 'node:fs'
import { join } from 'node:path'

const FOLDERS = ['src', 'scripts', 'tests', 'bench', 'resources']
const IGNORED = new Set(['node_modules', 'fixtures', 'results'])
const SOURCE = /\.(?:[cm]?[jt]s|tsx|css)$/

/** Every source file of the project, relative to `root`: its folders and the configuration beside them. */
export function sourceFiles(root) {
  const configs = readdirSync(root).filter((name) => SOURCE.test(name))
  return [...configs, ...FOLDERS.flatMap((folder) => below(root, folder))]
}

function below(root, folder) {
  return entriesOf(join(root, folder)).flatMap((entry) => {
    const path = `${folder}/${entry.name}`
    if (entry.isDirectory()) return IGNORED.has(entry.name) ? [] : below(root, path)
    return SOURCE.test(entry.name) ? [path] : []
  })
}

function entriesOf(folder) {
  try {
    return readdirSync(folder, { withFileTypes: true })
  } catch (error) {
    if (error.code === 'ENOENT') return []
    throw error
  }
}
