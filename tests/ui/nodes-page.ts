import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { isoOf, systemClock } from '../../src/main/platform/clock.ts'
import { putNodes, type NodeRow } from '../support/node-rows.ts'
import type { Console } from './console.ts'

/** What tests of the nodes view look at. */

export const ownId = async ({ client }: Console): Promise<string> => (await client.system.info({})).nodeId
export const ownName = async ({ client }: Console): Promise<string> => (await client.system.info({})).nodeName

export const rowOf = (page: Page, name: string) => page.getByRole('row').filter({ hasText: name })
export const panelOf = (page: Page, name: string) => page.getByRole('complementary', { name: `Node ${name}` })

export const goTo = ({ page, node }: Console, path: string): Promise<unknown> =>
  page.goto(`${node.url}/#/${path}`)

/** Adds rows to the database of the node, which goes on. */
export const insertNodes = ({ node }: Console, rows: readonly NodeRow[]): void =>
  putNodes(join(node.dir, 'pswebhost.db'), rows)

/** Two nodes that are only rows: one away, one with what is worth a look. */
export const AWAY: NodeRow = {
  ...{ id: 'node-away', name: 'edge-fra-01', group: 'edge' },
  lastHeartbeat: isoOf(systemClock.now() - 1_700_000),
}
export const OTHER: NodeRow = {
  ...{ id: 'node-other', name: 'ops-02', group: 'core', clockOffset: 1420, types: ['bash'] },
  missingScripts: [
    { taskId: 't1', taskName: 'Lost one', scriptPath: 'lost.sh', reason: 'there is no such file' },
  ],
}
