import { join } from 'node:path'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'electron-vite'

/*
 * The oldest runtime that the code meets: the Electron of development (Node 20.18, Chromium 130). Named here
 * because electron-vite would guess from the Electron package, which is not what always runs.
 */
const NODE_TARGET = 'node20.18'
const BROWSER_TARGET = 'chrome130'

/** Each part lists the packages it contains with their licences; what is installed carries the texts. */
const license = { fileName: 'licenses.json' }

const fromRoot = (path: string) => join(import.meta.dirname, path)

export default defineConfig({
  main: {
    build: {
      outDir: fromRoot('out/main'),
      target: NODE_TARGET,
      license,
      sourcemap: true,
      // Everything is bundled, so that what is installed is what was tested.
      externalizeDeps: false,
      rolldownOptions: {
        // better-sqlite3 finds its binary beside its own sources; pg-native is an option of pg that we never take.
        external: ['better-sqlite3', 'pg-native'],
        input: {
          index: fromRoot('src/main/index.ts'),
          headless: fromRoot('src/main/headless.ts'),
          supervisor: fromRoot('src/main/exec/supervisor.ts'),
          'reader-worker': fromRoot('src/main/data/sqlite/reader-worker.ts'),
        },
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
      },
    },
  },
  preload: {
    build: {
      outDir: fromRoot('out/preload'),
      target: NODE_TARGET,
      license,
      externalizeDeps: false,
      rolldownOptions: {
        input: { index: fromRoot('src/preload/index.ts') },
        // A sandboxed preload can only be CommonJS, in one file.
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: fromRoot('src/renderer'),
    plugins: [react()],
    build: {
      outDir: fromRoot('out/renderer'),
      target: BROWSER_TARGET,
      license,
      // The page's policy allows no data: fonts; small files stay files.
      assetsInlineLimit: 0,
      // Browsers fetch it over the network, too.
      minify: true,
      // What the page starts with is one chunk: it is fetched once. bench/bundle.bench.ts guards its size.
      chunkSizeWarningLimit: 1_500,
      rolldownOptions: { input: fromRoot('src/renderer/index.html') },
    },
  },
})
