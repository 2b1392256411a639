import {
  AliasNode,
  FetchNode,
  OffsetNode,
  OperationNodeTransformer,
  PrimitiveValueListNode,
  RawNode,
  SelectModifierNode,
  TableNode,
  ValueListNode,
  ValueNode,
  type KyselyPlugin,
  type LimitNode,
  type OperationNode,
  type QueryId,
  type SelectModifier,
  type SelectQueryNode,
  type ValuesNode,
  type WhereNode,
} from 'kysely'

/**
 * Says portable queries in SQL Server's words: `limit` as `top` or `fetch next`, `for update` as hints of the table,
 * and NULL as a word. What SQL Server has no words for is an error here, before it reaches the server.
 */
export const mssqlQueries: KyselyPlugin = {
  transformQuery: ({ node, queryId }) => new Translator().transformNode(node, queryId),
  transformResult: async ({ result }) => result,
}

class Translator extends OperationNodeTransformer {
  protected override transformSelectQuery(node: SelectQueryNode, queryId?: QueryId): SelectQueryNode {
    return limited(locked(super.transformSelectQuery(node, queryId)))
  }

  protected override transformValue(node: ValueNode, queryId?: QueryId): ValueNode {
    return worded(super.transformValue(node, queryId))
  }

  protected override transformValues(node: ValuesNode, queryId?: QueryId): ValuesNode {
    const { values, ...rest } = super.transformValues(node, queryId)
    return { ...rest, values: values.map((row) => (PrimitiveValueListNode.is(row) ? wordedRow(row) : row)) }
  }
}

/**
 * A parameter has a type, and the driver does not know which one a NULL is to have: it takes nvarchar, which is not
 * put into a column of bytes even when it is NULL.
 */
const worded = (node: ValueNode): ValueNode => (node.value === null ? ValueNode.createImmediate(null) : node)

const wordedRow = (row: PrimitiveValueListNode): PrimitiveValueListNode | ValueListNode =>
  row.values.includes(null)
    ? ValueListNode.create(row.values.map((value) => worded(ValueNode.create(value))))
    : row

const limited = ({ limit, ...node }: SelectQueryNode): SelectQueryNode => {
  if (!limit) return node
  if (!node.offset && !node.setOperations)
    return { ...node, frontModifiers: [...(node.frontModifiers ?? []), topOf(limit)] }
  if (!node.orderBy)
    throw new Error('SQL Server passes over rows of an order only: give the query an orderBy')
  return {
    ...node,
    offset: node.offset ?? OffsetNode.create(ValueNode.createImmediate(0)),
    fetch: fetchOf(limit),
  }
}

/** With a parameter, where Kysely's own `top` would write the number: one plan for all numbers. */
const topOf = ({ limit }: LimitNode): SelectModifierNode =>
  SelectModifierNode.createWithExpression(RawNode.create(['top(', ')'], [limit]))

const fetchOf = ({ limit }: LimitNode): FetchNode => {
  if (!ValueNode.is(limit)) throw new Error('a limit that is no value cannot be said on SQL Server')
  return { ...FetchNode.create(0, 'only'), rowCount: limit }
}

/** `updlock` keeps others from changing or locking what is read, `rowlock` no more than that. */
const HINTS: Partial<Record<SelectModifier, string[]>> = {
  ForUpdate: ['updlock', 'rowlock'],
  SkipLocked: ['readpast'],
  NoWait: ['nowait'],
}

const hintsOf = (node: OperationNode): string[] =>
  (SelectModifierNode.is(node) && node.modifier && HINTS[node.modifier]) || []

/**
 * Hints stand behind the table, in front of the condition: written as part of it, so that the table stays one that
 * other plugins know.
 */
const locked = (node: SelectQueryNode): SelectQueryNode => {
  const { endModifiers = [], where, ...rest } = node
  const hints = endModifiers.flatMap(hintsOf)
  if (hints.length === 0) return node
  if (!readsOneTable(node))
    throw new Error('SQL Server locks rows of one table: lock them in a query of their own')
  const kept = endModifiers.filter((modifier) => hintsOf(modifier).length === 0)
  const text = `with (${hints.join(', ')})`
  const hinted = where ? RawNode.create([`${text} `, ''], [where]) : RawNode.createWithSql(text)
  return {
    ...rest,
    // The compiler writes whatever stands here behind the tables.
    where: hinted as OperationNode as WhereNode,
    ...(kept.length > 0 ? { endModifiers: kept } : {}),
  }
}

const readsOneTable = ({ from, joins = [] }: SelectQueryNode): boolean => {
  const [table, ...others] = from?.froms ?? []
  if (!table || others.length + joins.length > 0) return false
  return TableNode.is(AliasNode.is(table) ? table.node : table)
}
