/** An element: its text, or the elements in it. */
export interface Element {
  name: string
  attributes: Record<string, string>
  text: string
  children: Element[]
}

const TOKEN = /<\?[^>]*\?>|<!DOCTYPE[^>]*>|<!--(?:(?!--)[\s\S])*-->|<\/?[^<>]+>|[^<]+/gy
const OPEN = /^<([A-Za-z_][\w.-]*)((?:\s+[\w:.-]+="[^"<]*")*)\s*(\/?)>$/
const CLOSE = /^<\/([A-Za-z_][\w.-]*)\s*>$/
const ATTRIBUTE = /([\w:.-]+)="([^"]*)"/g

/** Reads the XML that packages hold: no namespaces, no CDATA. @throws where it is not well-formed */
export const parseXml = (text: string): Element => {
  const top: Element = { name: '', attributes: {}, text: '', children: [] }
  const open = [top]
  let at = 0
  for (const [token] of text.matchAll(TOKEN)) {
    at += token.length
    read(token, open)
  }
  if (at !== text.length) throw new Error(`not XML: ${text.slice(at, at + 60)}`)
  const [root, ...more] = top.children
  if (open.length !== 1 || !root || more.length > 0) throw new Error('not one whole element')
  return root
}

const read = (token: string, open: Element[]): void => {
  const inside = open.at(-1)
  if (!inside) throw new Error(`nothing is open at ${token}`)
  const opening = OPEN.exec(token)
  if (opening) {
    const [, name = '', attributes = '', isEmpty] = opening
    const pairs = [...attributes.matchAll(ATTRIBUTE)].map(([, key = '', value = '']) => [key, value] as const)
    const element: Element = { name, attributes: Object.fromEntries(pairs), text: '', children: [] }
    inside.children.push(element)
    if (isEmpty === '') open.push(element)
    return
  }
  const closing = CLOSE.exec(token)
  if (closing) {
    if (closing[1] !== inside.name) throw new Error(`${token} closes <${inside.name}>`)
    open.pop()
    return
  }
  if (token.startsWith('<?') || token.startsWith('<!')) return
  if (token.startsWith('<') || /&(?!(?:amp|lt|gt|quot|apos|#\d+);)/.test(token))
    throw new Error(`not XML: ${token}`)
  inside.text += token
}

/** The text of the one element at a path of names. @throws when it is not there, or there more than once */
export const textAt = (element: Element, ...path: string[]): string => {
  const [name, ...rest] = path
  if (name === undefined) return element.text.trim()
  const found = element.children.filter((child) => child.name === name)
  const [only] = found
  if (!only || found.length > 1) throw new Error(`${found.length} <${name}> in <${element.name}>`)
  return textAt(only, ...rest)
}

export type PlistValue = string | number | boolean | PlistValue[] | { [key: string]: PlistValue }

/** The value of a property list. @throws where it is none */
export const parsePlist = (text: string): PlistValue => {
  const root = parseXml(text)
  const [value] = root.children
  if (root.name !== 'plist' || !value) throw new Error('not a property list')
  return valueOf(value)
}

const valueOf = ({ name, text, children }: Element): PlistValue => {
  if (name === 'dict') return dictOf(children)
  if (name === 'array') return children.map(valueOf)
  if (name === 'integer' && /^-?\d+$/.test(text)) return Number(text)
  if (name === 'true' || name === 'false') return name === 'true'
  if (name === 'string') return text
  throw new Error(`<${name}>${text} is no value`)
}

const dictOf = (children: Element[]): { [key: string]: PlistValue } => {
  const pairs: [string, PlistValue][] = []
  for (let at = 0; at < children.length; at += 2) {
    const [key, value] = children.slice(at, at + 2)
    if (key?.name !== 'key' || !value) throw new Error('a dict holds keys and values by turns')
    pairs.push([key.text, valueOf(value)])
  }
  return Object.fromEntries(pairs)
}
