import { parseDocument } from 'yaml'
import { messageOf } from '../errors.ts'
import { MAX_DEPTH, tooDeepAt } from '../json-depth.ts'

export type ReadDocument = { ok: true; value: unknown } | { ok: false; reason: string }

/** A YAML or JSON file as a value, or what is wrong with it and where (`line 3, column 5`). */
export const readDocument = (path: string, content: string): ReadDocument => {
  const text = content.replace(/^\uFEFF/, '')
  const read = /\.json$/i.test(path) ? readJson(text) : readYaml(text)
  return read.ok && tooDeepAt(read.value) ? { ok: false, reason: TOO_DEEP } : read
}

const TOO_DEEP = `is nested more than ${MAX_DEPTH} levels deep`

const readYaml = (text: string): ReadDocument => {
  try {
    const document = parseDocument(text, { prettyErrors: true })
    const [error] = document.errors
    if (error)
      return { ok: false, reason: `is not valid YAML: ${error.message.split('\n')[0]?.replace(/:$/, '')}` }
    return { ok: true, value: document.toJS({ maxAliasCount: 100 }) as unknown }
  } catch (failure) {
    // The parser's own recursion ends first.
    if (failure instanceof RangeError) return { ok: false, reason: TOO_DEEP }
    return { ok: false, reason: `is not valid YAML: ${messageOf(failure)}` }
  }
}

const readJson = (text: string): ReadDocument => {
  try {
    return { ok: true, value: JSON.parse(text) as unknown }
  } catch (failure) {
    // The engine's message may quote the file around the error; its first clause says enough.
    const message = messageOf(failure).replace(/^(Unexpected token '[^']*').*/s, '$1')
    return { ok: false, reason: `is not valid JSON: ${message}${jsonPlace(text, message)}` }
  }
}

/** Engines differ in whether their message says where; YAML's JSON schema, a near superset, always knows. */
const jsonPlace = (text: string, message: string): string => {
  if (/line \d+/.test(message)) return ''
  const offset = /position (\d+)/.exec(message)?.[1]
  if (offset !== undefined) return placeOf(text, Number(offset))
  const [error] = parseDocument(text, { schema: 'json' }).errors
  const at = error?.linePos?.[0]
  return at ? ` (line ${at.line}, column ${at.col})` : ''
}

const placeOf = (text: string, offset: number): string => {
  const lines = text.slice(0, offset).split('\n')
  return ` (line ${lines.length}, column ${(lines.at(-1)?.length ?? 0) + 1})`
}
