import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { withTempFolder } from './support/folders.ts'
import { ENTRIES, startNodeProcess, type Entry } from './support/node-process.ts'
import { below, median, timed, type BenchRow } from './support/rows.ts'

/** `ready` < 2 s warm headless: the folder, the build and the files' pages are there already. */

const ROUNDS = 7
const BUDGET_MS = 2000

export const rows = (): Promise<BenchRow[]> =>
  withTempFolder(async (dir) => {
    const entries = (Object.keys(ENTRIES) as Entry[]).filter((entry) => existsSync(ENTRIES[entry]))
    const ready = new Map<Entry, number[]>(entries.map((entry) => [entry, []]))
    const bare: number[] = []
    for (let round = -1; round < ROUNDS; round += 1) {
      for (const entry of entries) {
        const node = await startNodeProcess(dir, entry)
        await node.stop()
        // The first round makes the folder and warms the caches.
        if (round >= 0) ready.get(entry)?.push(node.readyMs)
      }
      bare.push(await timed(() => execFileSync(process.execPath, ['-e', '0'])))
    }
    return entries.map((entry) =>
      below(`ready, ${entry} (p50, against node -e 0)`, median(ready.get(entry) ?? []), {
        unit: 'ms',
        reference: median(bare),
        budget: BUDGET_MS,
      }),
    )
  })
