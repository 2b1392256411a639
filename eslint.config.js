import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import js from '@eslint/js'
import prettier from 'eslint-config-prettier'
import hooks from 'eslint-plugin-react-hooks'
import refresh from 'eslint-plugin-react-refresh'
import globals from 'globals'
import tseslint from 'typescript-eslint'
import { defineConfig, globalIgnores } from 'eslint/config'

const NODE_SIDE = ['electron', 'node:*', '**/main/**', '**/preload/**']

const FEATURES = readdirSync(join(import.meta.dirname, 'src/renderer/features'))

/*
 * The import table of docs/architecture.md. A folder lists what it must never import, so that an arrow
 * of the drawing cannot turn round unnoticed. `electron` is allowed in the desktop face only.
 */
const layers = [
  {
    files: ['src/shared/domain/**'],
    never: [
      'node:*',
      '**/main/**',
      '**/renderer/**',
      '**/contract/**',
      '**/client/**',
      '@mikro-orm/*',
      '@orpc/*',
    ],
    reason: 'The domain is pure: it decides and never reaches out.',
  },
  {
    files: ['src/shared/contract/**'],
    never: ['node:*', '**/main/**', '**/renderer/**', '**/client/**', '@mikro-orm/*'],
    reason: 'The contract says what can be asked, not how it is done.',
  },
  {
    files: ['src/shared/client/**'],
    never: ['electron', 'node:*', '**/main/**', '**/renderer/**'],
    reason: 'The client is shared by window, browser, CLI and nodes.',
  },
  {
    files: ['src/main/data/**'],
    never: ['electron', '**/services/**', '**/contract/**', '**/api/**', '**/exec/**'],
    reason: 'The data layer knows rows, not use cases.',
  },
  {
    files: ['src/main/services/**'],
    never: ['electron', '@mikro-orm/*', 'kysely', '**/contract/**', '**/api/**', '**/loops/**', '**/cli/**'],
    reason: 'Services are use cases: callers and drivers are not their business.',
  },
  {
    files: ['src/main/loops/**'],
    never: ['electron', '@mikro-orm/*', 'kysely', '**/data/**', '**/api/**'],
    reason: 'A loop says when; services say what.',
  },
  {
    files: ['src/main/api/**'],
    never: ['electron', '@mikro-orm/*', 'kysely', '**/data/**'],
    reason: 'The API translates between the contract and the services.',
  },
  {
    files: ['src/main/cli/**'],
    never: ['electron', '@mikro-orm/*', 'kysely', '**/desktop/**'],
    reason: 'The command line asks a node, it does not open windows or tables.',
  },
  {
    files: ['src/main/exec/**', 'src/main/platform/**'],
    never: ['electron', '@mikro-orm/*', 'kysely', '**/data/**', '**/services/**', '**/api/**'],
    reason: 'Running scripts and the outside world know no database.',
  },
  {
    files: ['src/main/app.ts', 'src/main/app/**', 'src/main/headless.ts', 'src/main/config/**'],
    never: ['electron', '**/desktop/**'],
    reason: 'The node runs and is tested without Electron.',
  },
  {
    files: ['src/main/index.ts', 'src/main/desktop/**'],
    never: ['@mikro-orm/*', 'kysely', '**/data/**', '**/exec/**'],
    reason: 'The desktop shows a node; it does not reach into it.',
  },
  {
    files: ['src/preload/**'],
    never: ['**/main/**', '**/shared/**', '**/renderer/**'],
    reason: 'The preload is one narrow door and knows no procedure.',
  },
  {
    files: ['src/renderer/**'],
    never: NODE_SIDE,
    reason: 'The same React code runs in the window and in a browser.',
  },
]

/** Features know nothing of each other: what two of them need is in ui, lib or the shell. */
const features = FEATURES.map((name) => ({
  files: [`src/renderer/features/${name}/**`],
  never: [
    ...NODE_SIDE,
    '**/features/**',
    ...FEATURES.filter((other) => other !== name).flatMap((other) => [`../${other}/**`, `../../${other}/**`]),
  ],
  reason: 'A feature imports shared, ui, lib and its own folder, no other feature and nothing of the node.',
}))

const layerRules = [...layers, ...features].map(({ files, never, reason }) => ({
  files,
  rules: { 'no-restricted-imports': ['error', { patterns: [{ group: never, message: reason }] }] },
}))

const CLOCK = 'Time comes from platform/clock.ts (or the caller), so that tests can move it.'
const bareTime = [
  { selector: "CallExpression[callee.object.name='Date'][callee.property.name='now']", message: CLOCK },
  { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: CLOCK },
]
/** The one door out of the window (desktop/outside.ts) has an allow-list. */
const openExternal = [
  {
    selector: "CallExpression[callee.property.name='openExternal']",
    message: 'Links open through desktop/outside.ts, which knows which ones may.',
  },
]
const bareEnv = [
  {
    selector: "MemberExpression[object.name='process'][property.name='env']",
    message: 'Only src/main/config reads the environment.',
  },
]

export default defineConfig([
  globalIgnores(['out', 'dist', 'node_modules', 'tests/import/fixtures', 'bench/results']),
  js.configs.recommended,
  {
    files: ['**/*.{ts,tsx}'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      // An async function without await keeps an interface uniform (a transport, a dialect).
      '@typescript-eslint/require-await': 'off',
      // Services are objects of closures: none of their methods has a `this` to lose.
      '@typescript-eslint/unbound-method': 'off',
      '@typescript-eslint/only-throw-error': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
    },
  },
  {
    rules: {
      eqeqeq: 'error',
      'max-lines': ['error', { max: 250, skipBlankLines: true, skipComments: true }],
      'max-lines-per-function': ['error', { max: 50, skipBlankLines: true, skipComments: true }],
      'no-console': 'error',
    },
  },
  {
    files: ['src/**'],
    rules: { 'no-restricted-syntax': ['error', ...bareTime, ...bareEnv, ...openExternal] },
  },
  {
    files: ['src/main/desktop/outside.ts'],
    rules: { 'no-restricted-syntax': ['error', ...bareTime, ...bareEnv] },
  },
  { files: ['src/main/config/**'], rules: { 'no-restricted-syntax': ['error', ...bareTime] } },
  { files: ['src/main/platform/clock.ts', 'src/renderer/**'], rules: { 'no-restricted-syntax': 'off' } },
  ...layerRules,
  {
    files: ['src/renderer/**/*.{ts,tsx}'],
    extends: [hooks.configs.flat.recommended, refresh.configs.vite],
    languageOptions: { globals: globals.browser },
    // A component is markup: its length is read as a page, not as logic.
    rules: { 'max-lines-per-function': ['error', { max: 120, skipBlankLines: true, skipComments: true }] },
  },
  {
    files: ['tests/**', 'bench/**'],
    // A suite is one long function of short ones.
    rules: { 'max-lines-per-function': 'off', 'no-restricted-syntax': 'off' },
  },
  {
    files: ['scripts/**', 'bench/**', 'resources/**', '*.js', 'tests/**/*.{mjs,cjs}'],
    languageOptions: { globals: globals.node },
    rules: { 'no-console': 'off' },
  },
  prettier,
])
