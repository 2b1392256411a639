import type { KyselyPlugin } from 'kysely'

const WRITES = ['InsertQueryNode', 'UpdateQueryNode', 'DeleteQueryNode', 'MergeQueryNode']

/** Refuses what would write beside `Database.write`: with nobody's name on it, and in no transaction. */
export const readsOnly: KyselyPlugin = {
  transformQuery: ({ node }) => {
    if (WRITES.includes(node.kind)) throw new Error('this reads only: use Database.write')
    return node
  },
  transformResult: async ({ result }) => result,
}
