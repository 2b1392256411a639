import type { Page } from 'playwright-core'
import type { Console } from './console.ts'

/** What tests of the nodes view look at. */

export const ownId = async ({ client }: Console): Promise<string> => (await client.system.info({})).nodeId
export const ownName = async ({ client }: Console): Promise<string> => (await client.system.info({})).nodeName

export const rowOf = (page: Page, name: string) => page.getByRole('row').filter({ hasText: name })
export const panelOf = (page: Page, name: string) => page.getByRole('complementary', { name: `Node ${name}` })

export const goTo = ({ page, node }: Console, path: string): Promise<unknown> =>
  page.goto(`${node.url}/#/${path}`)

/** Two nodes that are only rows: one away, one with what is worth a look. */
export const AWAY = { nodeId: 'node-away', nodeName: 'edge-fra-01', nodeGroup: 'edge', beat: 1700 }
export const OTHER = {
  ...{ nodeId: 'node-other', nodeName: 'ops-02', nodeGroup: 'core', clockOffset: 1420 },
  missingScripts: [
    { taskId: 't1', taskName: 'Lost one', scriptPath: 'lost.sh', reason: 'there is no such file' },
  ],
}
