import { readFile, realpath, stat } from 'node:fs/promises'
import { isMap, isScalar, LineCounter, parseDocument, type Document } from 'yaml'
import { messageOf } from '../../shared/domain/errors.ts'
import { PRIVATE_FILE, writeFileAtomic } from '../platform/write-file.ts'
import { ConfigError } from './config-error.ts'
import { editYaml, type YamlValue } from './edit-yaml.ts'

export type RawTree = Record<string, unknown>

/** A configuration file as read: its values before anything is expanded, and where each stands. */
export interface YamlFile {
  file: string
  values: RawTree
  /** 1-based line of the value at `path`, or of its nearest known ancestor; null when it is not in the file. */
  lineOf(path: readonly PropertyKey[]): number | null
}

/** The text of a configuration file. @throws ConfigError when it cannot be read. */
export const readText = async (file: string): Promise<string> => {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    throw new ConfigError(
      [`--config has "${file}"; it may be a file that can be read (${messageOf(error)})`],
      error,
    )
  }
}

/** Digits are a password too, as they are written: YAML would turn 0123 into a number. */
const keepPasswordText = (document: Document): void => {
  const node = document.getIn(['database', 'connection', 'password'], true)
  if (isScalar(node) && typeof node.value !== 'string' && node.value !== null && node.source)
    node.value = node.source
}

const rangeStart = (document: Document, path: readonly PropertyKey[]): number | null => {
  for (let length = path.length; length > 0; length--) {
    const node: unknown = document.getIn(path.slice(0, length), true)
    const range = typeof node === 'object' && node !== null && 'range' in node ? node.range : null
    if (Array.isArray(range) && typeof range[0] === 'number') return range[0]
  }
  return null
}

/** @throws ConfigError when it cannot be read, is not YAML, or is not a group of keys. */
export const readYamlFile = async (file: string): Promise<YamlFile> =>
  parseYamlFile(file, await readText(file))

/** The same of a text that may not be in the file yet. @throws ConfigError */
export const parseYamlFile = (file: string, text: string): YamlFile => {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  const [error] = document.errors
  if (error) {
    const { line, col } = lines.linePos(error.pos[0])
    throw new ConfigError([`${file} line ${line}, column ${col} is not YAML: ${error.message}`], error)
  }
  if (document.contents !== null && !isMap(document.contents) && document.toJS() !== null)
    throw new ConfigError([
      `${file} has no keys; it may have groups of keys, like "api:" with "port: 7780" below`,
    ])
  keepPasswordText(document)
  return {
    file,
    values: parsedValues(document),
    lineOf: (path) => {
      const start = rangeStart(document, path)
      return start === null ? null : lines.linePos(start).line
    },
  }
}

const parsedValues = (document: Document): RawTree => {
  // The contents were just seen to be a map (or nothing).
  const values = document.toJS() as RawTree | null
  return values ?? {}
}

/**
 * Writes one key, comments and order of the file kept; the file as a whole is replaced atomically and is 0600
 * afterwards. `path` as in `['execution', 'scriptRoots']`.
 */
export const writeConfigKey = async (
  file: string,
  path: readonly string[],
  value: YamlValue,
): Promise<void> => {
  // Through a link the real file changes: replacing would put a file where the link was.
  const real = await realpath(file)
  const before = await readText(real)
  const after = editYaml(before, path, value)
  if (after === before && ((await stat(real)).mode & 0o777) === PRIVATE_FILE) return
  await writeFileAtomic(real, after, PRIVATE_FILE)
}
