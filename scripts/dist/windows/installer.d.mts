/* Types of installer.mjs for the tests of packaging. */
import type { Product } from '../product.mjs'

export declare function makensisArguments(options: {
  root: string
  program: string
  product: Product
  file: string
}): string[]
