import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/* What is made, by its names. */

/** Who publishes it, as packages say it. */
export const PUBLISHER = 'PSWebHost'
export const MAINTAINER = 'PSWebHost Cluster <maintainers@pswebhost.invalid>'
const BUNDLE_ID = 'net.pswebhost.cluster'
/** Of its links, `pswebhost://`. */
export const SCHEME = 'pswebhost'

/** The project's package.json. */
export const readManifest = (root) => JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))

/**
 * Names of what is made from a runtime. The stand-in (`fallback`) makes no release: its packages are another product,
 * which says so in its name.
 * @param {{ name: string, version: string, description: string }} manifest
 * @param {'official' | 'fallback' | undefined} kind
 */
export function productOf({ name, version, description }, kind) {
  const isDevelopment = kind === 'fallback'
  return {
    name: isDevelopment ? `${name}-dev` : name,
    /** Of the other one: both put `pswebhost-node` on the search path. */
    otherName: isDevelopment ? name : `${name}-dev`,
    title: isDevelopment ? 'PSWebHost Cluster (development)' : 'PSWebHost Cluster',
    executable: name,
    /** Reverse-domain name on macOS, which takes two programs of one name for the same. */
    bundleId: isDevelopment ? `${BUNDLE_ID}.development` : BUNDLE_ID,
    version,
    description,
    isDevelopment,
  }
}
