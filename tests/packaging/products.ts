import { join } from 'node:path'
import { productOf } from '../../scripts/dist/product.mjs'

export const ROOT = join(import.meta.dirname, '..', '..')

const MANIFEST = { name: 'pswebhost-cluster', version: '1.2.3', description: 'Runs scripts.' }

export const RELEASE = productOf(MANIFEST, 'official')
export const DEVELOPMENT = productOf(MANIFEST, 'fallback')
