/* Types of product.mjs for the tests of packaging. */
export declare const SCHEME: string
export interface Manifest {
  name: string
  version: string
  description: string
}
export interface Product extends Manifest {
  otherName: string
  title: string
  executable: string
  bundleId: string
  isDevelopment: boolean
}
export declare function readManifest(root: string): Manifest
export declare function productOf(manifest: Manifest, kind: 'official' | 'fallback' | undefined): Product
