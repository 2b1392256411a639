/** How deep a value may be nested: far more than anybody writes, far less than recursion bears. */
export const MAX_DEPTH = 64

type Path = (string | number)[]

/** The path of the first value nested deeper than `levels`, or null. Looks no deeper than that itself. */
export const tooDeepAt = (value: unknown, levels = MAX_DEPTH): Path | null => {
  if (typeof value !== 'object' || value === null) return null
  if (levels === 0) return []
  const entries: Iterable<[string | number, unknown]> = Array.isArray(value)
    ? value.entries()
    : Object.entries(value)
  for (const [key, inner] of entries) {
    const path = tooDeepAt(inner, levels - 1)
    if (path) return [key, ...path]
  }
  return null
}
