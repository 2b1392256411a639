import type { ClusterNode } from '../../shared/domain/node.ts'
import type { AppClient } from '../client.ts'

const PAGE = 1000

/** All nodes of the cluster: they are few enough to be read whole. */
export const readAllNodes = async (client: Pick<AppClient, 'nodes'>): Promise<ClusterNode[]> => {
  const nodes: ClusterNode[] = []
  let cursor: string | null = null
  do {
    const page: { items: ClusterNode[]; nextCursor: string | null } = await client.nodes.list({
      limit: PAGE,
      ...(cursor !== null && { cursor }),
    })
    nodes.push(...page.items)
    cursor = page.nextCursor
  } while (cursor !== null)
  return nodes
}
