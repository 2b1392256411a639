/* Types of deb-options.mjs for the tests of packaging. */
import type { Product } from '../product.mjs'

export interface DebOptions {
  src: string
  dest: string
  arch: string
  options: Record<string, unknown> & { depends: string[]; scripts: Record<string, string>; icon: Record<string, string> }
}
export declare function debOptions(options: {
  root: string
  program: string
  out: string
  product: Product
  arch: string
}): DebOptions
export declare function unitText(text: string, product: Product): string
