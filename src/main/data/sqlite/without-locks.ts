import {
  OperationNodeTransformer,
  SelectModifierNode,
  type KyselyPlugin,
  type OperationNode,
  type QueryId,
  type SelectQueryNode,
} from 'kysely'

/**
 * `for update` means nothing here: a write holds the file's only write lock from its first statement on, so
 * every row it reads is its own.
 */
export const withoutLocks: KyselyPlugin = {
  transformQuery: ({ node, queryId }) => new LockRemover().transformNode(node, queryId),
  transformResult: async ({ result }) => result,
}

class LockRemover extends OperationNodeTransformer {
  protected override transformSelectQuery(node: SelectQueryNode, queryId?: QueryId): SelectQueryNode {
    const { endModifiers, ...rest } = super.transformSelectQuery(node, queryId)
    const kept = endModifiers?.filter((modifier) => !isLock(modifier))
    return kept?.length ? { ...rest, endModifiers: kept } : rest
  }
}

const LOCKS = ['ForUpdate', 'SkipLocked', 'NoWait']

const isLock = (node: OperationNode): boolean =>
  SelectModifierNode.is(node) && node.modifier !== undefined && LOCKS.includes(node.modifier)
