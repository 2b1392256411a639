import type { ChangeAction } from '../../../shared/domain/change.ts'
import type { Params } from '../../lib/router.ts'
import { spanOf } from '../../lib/time-range.ts'
import { changeActions } from '../../theme/states.tsx'
import type { ChangeQuery } from './store.ts'

/** The log's part of the address, both ways. */

const isAction = (text: string): text is ChangeAction => text in changeActions

export const ACTION_OPTIONS = Object.entries(changeActions).flatMap(([value, look]) =>
  isAction(value) ? [{ value, label: look.word }] : [],
)

export const queryOf = (params: URLSearchParams): ChangeQuery => ({
  table: params.getAll('table'),
  action: params.getAll('action').filter(isAction),
  record: params.get('record'),
  actor: params.getAll('actor'),
  node: params.getAll('node'),
  since: spanOf(params.get('since')),
})

export const paramsOf = (query: ChangeQuery): Params => ({ ...query })

export const isFiltered = (query: ChangeQuery): boolean =>
  query.table.length > 0 ||
  query.action.length > 0 ||
  query.record !== null ||
  query.actor.length > 0 ||
  query.node.length > 0 ||
  query.since !== null
