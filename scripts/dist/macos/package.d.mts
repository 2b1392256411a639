/* Types of package.mjs for the tests of packaging. */
import type { Product } from '../product.mjs'

export interface PkgbuildOptions {
  payload: string
  components: string
  product: Product
  scripts: string
  file: string
}
export declare function pkgbuildArguments(
  options: PkgbuildOptions,
  env?: Record<string, string | undefined>,
): string[]
export declare function componentsText(app: string): string
