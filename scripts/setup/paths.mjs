import { fileURLToPath } from 'node:url'

/** The project's folder. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url)).replace(/[\\/]$/, '')

/** True when the module of `url` is the script that Node was started with, not an import of another one. */
export const isEntry = (url) => process.argv[1] !== undefined && fileURLToPath(url) === process.argv[1]
