import type { Page } from 'playwright-core'
import { page as pageOf, thisNode } from '../support/memory-records.ts'
import { conflictField, conflictOf, syncNode, syncStatus } from '../support/sync-records.ts'
import type { OpenWindow, WindowOptions, WindowPage } from './window.ts'

/** What tests of the Sync view look at. */

export const EDIT = '0190cccc-0000-7000-8000-000000000001'
export const DELETED = '0190cccc-0000-7000-8000-000000000002'

/** Two fields that both edited. */
export const edit = () =>
  conflictOf(EDIT, {
    recordName: 'Import price list',
    fields: [
      conflictField('schedule', ['10 8 * * 1-5', '40 7 * * 1-5', '10 8 * * 1-6']),
      conflictField('timeout', [600, 900, 1200]),
    ],
  })

export const deleted = () =>
  conflictOf(DELETED, {
    recordName: 'Warm cache',
    kind: 'DeletedHere',
    fields: [conflictField('priority', [0, null, 5])],
  })

const AWAY_AT = '2026-11-24T13:41:07.000Z'

/** A cluster of four, one of them away, as the window of one of them shows it. */
export const openSync = async (open: OpenWindow, options?: WindowOptions): Promise<WindowPage> => {
  const window = await open(options)
  const { services, sync } = window.node
  const { nodeId, nodeName } = thisNode()
  sync.status = syncStatus({
    nodes: [
      syncNode(nodeName, { nodeId, isSelf: true }),
      syncNode('edge-fra-01', {
        cursor: { seq: 48_000, changeId: null },
        lags: [118, 86, 0],
        lagSeconds: 1706,
      }),
      syncNode('edge-muc-02', { pending: 2 }),
      syncNode('ops-03', { cursor: null }),
    ],
  })
  services.nodes.list = async (_caller, query) =>
    pageOf(
      [nodeName, 'edge-fra-01', 'edge-muc-02', 'ops-03'].map((name) => ({
        ...thisNode(),
        ...{ nodeName: name, nodeId: name === nodeName ? nodeId : name, isThisNode: name === nodeName },
        ...(name === 'edge-fra-01' && { state: 'Away' as const, stateSince: AWAY_AT }),
      })),
      query,
    )
  return window
}

export const rowOf = (page: Page, node: string) =>
  page.getByRole('table', { name: 'Replicas' }).getByRole('row').filter({ hasText: node })

export const conflictPanel = (page: Page, name: string) =>
  page.getByRole('region', { name: `Conflict: ${name}` })
