import { isDeepStrictEqual } from 'node:util'
import {
  isMap,
  isScalar,
  isSeq,
  parseDocument,
  stringify,
  type Document,
  type Scalar,
  type YAMLSeq,
} from 'yaml'

/*
 * Changing one value of a YAML text and nothing else. The library keeps comments but rewrites spacing, folds
 * and quotes all over the file; so its parser only says where things are, and the text is cut there.
 */

export type YamlValue = string | number | boolean | null | (string | number | boolean)[]

const INDENT = 2

/** On one line, whatever it is: a value that is spliced in must not depend on its surroundings. */
const inline = (value: YamlValue): string =>
  stringify(value, {
    collectionStyle: 'flow',
    lineWidth: 0,
    defaultStringType: 'PLAIN',
    blockQuote: false,
  }).trim()

const splice = (text: string, from: number, to: number, by: string): string =>
  text.slice(0, from) + by + text.slice(to)

/** A block scalar ends with the line it stands on; the line break stays. */
const replaceScalar = (text: string, scalar: Scalar, value: YamlValue): string => {
  const [from, to] = scalar.range ?? [0, 0]
  if (from === to) return splice(text, from, to, ` ${inline(value)}`)
  const lineEnd = /\r?\n$/.exec(text.slice(from, to))?.[0] ?? ''
  return splice(text, from, to, inline(value) + lineEnd)
}

const nested = (path: readonly string[], value: YamlValue, indent: number): string => {
  const [key = '', ...rest] = path
  const pad = ' '.repeat(indent)
  const head = `${pad}${inline(key)}:`
  return rest.length === 0 ? `${head} ${inline(value)}\n` : `${head}\n${nested(rest, value, indent + INDENT)}`
}

const columnOf = (text: string, offset: number): number => offset - (text.lastIndexOf('\n', offset - 1) + 1)

const lineAfter = (text: string, offset: number): number => {
  const end = text.indexOf('\n', offset)
  return end < 0 ? text.length : end + 1
}

const insertLine = (text: string, at: number, line: string): string =>
  splice(text, at, at, at > 0 && text[at - 1] !== '\n' ? `\n${line}` : line)

const isFartherOut = (line: string, indent: number): boolean =>
  /^ *[^ #\r\n]/.test(line) && line.search(/[^ ]/) < indent

/** Our own files carry every key as `#key: default`: that line is the place for it. Null: there is none. */
const fillCommented = (text: string, from: number, key: string, line: string): string | null => {
  const indent = line.search(/[^ ]/)
  const commented = `${' '.repeat(indent)}#${key}:`
  for (let at = lineAfter(text, from); at < text.length; at = lineAfter(text, at)) {
    const here = text.slice(at, lineAfter(text, at))
    if (isFartherOut(here, indent)) return null
    if (here.startsWith(commented)) return splice(text, at, at + here.length, line)
  }
  return null
}

interface Place {
  /** Where a line can be put in. */
  at: number
  indent: number
}

/** Where keys of `group` go: before the first one, or right below an empty `section:`. Null: nowhere in text. */
const placeIn = (text: string, group: unknown, depth: number): Place | null => {
  if (isScalar(group) && group.value === null && group.range)
    return { at: lineAfter(text, group.range[0] - 1), indent: depth * INDENT }
  const first = isMap(group) && !group.flow ? group.items[0]?.key : undefined
  if (!isScalar(first) || !first.range) return null
  const indent = columnOf(text, first.range[0])
  return { at: first.range[0] - indent, indent }
}

/** Where the key of the group at `path` stands: its own lines begin below. */
const keyOffset = (document: Document, path: readonly string[]): number => {
  const outer = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true)
  const keys = isMap(outer) ? outer.items.map((pair) => pair.key) : []
  const key = keys.find((candidate) => isScalar(candidate) && candidate.value === path.at(-1))
  return isScalar(key) ? (key.range?.[0] ?? 0) : 0
}

/** Puts a missing key into its nearest existing group; null when that is not written as lines of keys. */
const insertKey = (
  document: Document,
  text: string,
  path: readonly string[],
  value: YamlValue,
): string | null => {
  let depth = path.length - 1
  while (depth > 0 && !document.hasIn(path.slice(0, depth))) depth--
  const rest = path.slice(depth)
  if (depth === 0) {
    const flow = isMap(document.contents) && document.contents.flow
    return flow ? null : insertLine(text, text.length, nested(rest, value, 0))
  }
  const group = path.slice(0, depth)
  const place = placeIn(text, document.getIn(group, true), depth)
  if (!place) return null
  const line = nested(rest, value, place.indent)
  const filled =
    rest.length === 1 ? fillCommented(text, keyOffset(document, group), rest[0] ?? '', line) : null
  return filled ?? insertLine(text, place.at, line)
}

/** A list of lines that only grows gets new lines. Null: something else happens to it. */
const appendItems = (text: string, list: YAMLSeq, value: YamlValue): string | null => {
  const held = list.toJSON()
  const last = list.items.at(-1)
  if (!Array.isArray(value) || !isScalar(last) || !last.range) return null
  if (!isDeepStrictEqual(value.slice(0, held.length), held)) return null
  const lineStart = last.range[0] - columnOf(text, last.range[0])
  const dash = text.slice(lineStart, last.range[0])
  const lines = value.slice(held.length).map((item) => `${dash}${inline(item)}\n`)
  return insertLine(text, lineAfter(text, last.range[1] - 1), lines.join(''))
}

const cut = (document: Document, text: string, path: readonly string[], value: YamlValue): string | null => {
  const node = document.getIn(path, true)
  if (isScalar(node) && node.range) return replaceScalar(text, node, value)
  if (isSeq(node) && node.flow && node.range) return splice(text, node.range[0], node.range[1], inline(value))
  if (isSeq(node)) return appendItems(text, node, value)
  return document.hasIn(path) ? null : insertKey(document, text, path, value)
}

const holds = (text: string, path: readonly string[], value: YamlValue): boolean => {
  const document = parseDocument(text)
  if (document.errors.length > 0) return false
  const node: unknown = document.getIn(path)
  return isDeepStrictEqual(isSeq(node) ? node.toJSON() : node, value)
}

/** The library's own way: comments stay, spacing may change. Lists keep the comments of items that stay. */
const rewrite = (document: Document, path: readonly string[], value: YamlValue): string => {
  const node = document.getIn(path, true)
  if (isSeq(node) && Array.isArray(value)) {
    const wanted = new Set<unknown>(value)
    const held = node.toJSON()
    node.items = node.items.filter((_, index) => wanted.has(held[index]))
    for (const item of value) if (!held.includes(item)) node.add(document.createNode(item))
  } else document.setIn(path, value)
  return document.toString({ lineWidth: 0 })
}

/**
 * `text` with the value at `path` replaced, or put in when missing. Comments, order and spacing of everything
 * else stay as they are; only inside a list written over several lines, or a `{…}` group, spacing may change.
 */
export const editYaml = (text: string, path: readonly string[], value: YamlValue): string => {
  const document = parseDocument(text)
  const edited = cut(document, text, path, value)
  return edited !== null && holds(edited, path, value) ? edited : rewrite(document, path, value)
}
