/* Types of node-runtime.mjs for the tests of packaging. */
export interface RunningNode {
  versions: { node: string }
  config: { variables: object }
}
export declare function shippedNode(root: string, running?: RunningNode): string
