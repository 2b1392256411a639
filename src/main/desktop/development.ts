/** What the name of a package ends with that was made from the stand-in runtime (scripts/dist/product.mjs). */
const MARK = '(development)'

/** What such a package says at its start; null for a release and for a start from the sources. */
export const developmentNotice = (name: string, runtime: string): string | null =>
  name.endsWith(MARK)
    ? `${name} is for development only: its Electron ${runtime} gets no security updates any more`
    : null
