/** What the name of a package ends with that was made from the stand-in runtime (scripts/dist/product.mjs). */
const MARK = '(development)'

const isDevelopment = (name: string): boolean => name.endsWith(MARK)

/**
 * What Windows knows the installed program by (AppUserModelID), as the shortcut that the installer makes says it too
 * (`bundleId` in scripts/dist/product.mjs): a program that no shortcut names cannot show notifications.
 */
export const appIdOf = (name: string): string =>
  isDevelopment(name) ? 'net.pswebhost.cluster.development' : 'net.pswebhost.cluster'

/** What such a package says at its start; null for a release and for a start from the sources. */
export const developmentNotice = (name: string, runtime: string): string | null =>
  isDevelopment(name)
    ? `${name} is for development only: its Electron ${runtime} gets no security updates any more`
    : null
