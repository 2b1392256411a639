/* Types of stage.mjs for the tests of packaging. */
import type { Product } from './product.mjs'

export interface StageOptions {
  root: string
  work: string
  product: Product
  nodePath: string
  platform: NodeJS.Platform
  arch: string
}
export declare function stage(options: StageOptions): Promise<{ app: string; resources: string[] }>
