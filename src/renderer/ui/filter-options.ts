/** The pure part of filter buttons: what they offer, and what they say of what is set. */

export interface FilterOption<T extends string = string> {
  value: T
  label: string
}

/** From so many options on a menu is searched rather than read. */
export const SEARCHED_FROM = 12

/** So many labels are told by name; more would push the other filters out of the bar. */
const NAMED = 3

/** Names as people sort them: `web-2` before `web-10`. */
const byLabel = (a: FilterOption, b: FilterOption): number =>
  a.label.localeCompare(b.label, 'en', { numeric: true })

/** What is set but is not offered (any more) stays to be seen and cleared. */
export const withSet = <T extends string>(
  options: readonly FilterOption<T>[],
  set: readonly T[],
): FilterOption<T>[] => {
  const unknown = set.filter((value) => !options.some((option) => option.value === value))
  return [...options, ...unknown.map((value) => ({ value, label: value }))]
}

/** Those whose label holds the text, whatever its case. */
export const narrowed = <T extends string>(
  options: readonly FilterOption<T>[],
  text: string,
): readonly FilterOption<T>[] => {
  const wanted = text.trim().toLowerCase()
  return wanted === '' ? options : options.filter(({ label }) => label.toLowerCase().includes(wanted))
}

/** `ops-01, ops-02, ops-03 and 4 more` */
export const setWords = (labels: readonly string[]): string => {
  const more = labels.length - NAMED
  const named = labels.slice(0, NAMED).join(', ')
  return more > 0 ? `${named} and ${more} more` : named
}

/** Nodes by name; one that is asked for and not known by the start of its id, as runs and changes show it. */
export const nodeOptions = (
  names: Readonly<Record<string, string>>,
  asked: readonly string[],
): FilterOption[] =>
  [...new Set([...Object.keys(names), ...asked])]
    .map((value) => ({ value, label: names[value] ?? value.slice(0, 8) }))
    .sort(byLabel)
