/** Shorter values are found by chance everywhere: masking one would tell where it is and ruin the text. */
const SHORTEST = 4

/**
 * The texts under which a secret is recognized: itself, and as it stands inside JSON and inside a URL, since that is
 * how it reaches output, a log line or a connection string. None for a value under four characters.
 */
export const formsOfSecret = (value: string): string[] => {
  if (value.length < SHORTEST) return []
  return [
    ...new Set([
      value,
      JSON.stringify(value).slice(1, -1),
      // A lone surrogate would make it throw.
      encodeURIComponent(value.replace(/\p{Cs}/gu, '\uFFFD')),
    ]),
  ]
}
