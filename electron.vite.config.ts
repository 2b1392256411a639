import { join } from 'node:path'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'electron-vite'

/*
 * The oldest runtime that the code meets: the Electron of development (Node 20.18, Chromium 130). Named here
 * because electron-vite would guess from the Electron package, which is not what always runs.
 */
const NODE_TARGET = 'node20.18'
const BROWSER_TARGET = 'chrome130'

const fromRoot = (path: string) => join(import.meta.dirname, path)

export default defineConfig({
  main: {
    build: {
      outDir: fromRoot('out/main'),
      target: NODE_TARGET,
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
      // The page's policy allows no data: fonts; small files stay files.
      assetsInlineLimit: 0,
      rolldownOptions: { input: fromRoot('src/renderer/index.html') },
    },
  },
})
