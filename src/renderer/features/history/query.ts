import type { RunState } from '../../../shared/domain/run.ts'
import type { Params } from '../../lib/router.ts'
import { spanOf } from '../../lib/time-range.ts'
import { runStates } from '../../theme/states.tsx'
import type { RunQuery } from './store.ts'

/** The list's part of the address, both ways. */

const isRunState = (text: string): text is RunState => text in runStates && text !== 'Never'

export const RUN_STATE_OPTIONS = Object.entries(runStates).flatMap(([value, look]) =>
  isRunState(value) ? [{ value, label: look.word }] : [],
)

export const queryOf = (params: URLSearchParams): RunQuery => ({
  search: params.get('search') ?? '',
  state: params.getAll('state').filter(isRunState),
  task: params.get('task'),
  since: spanOf(params.get('since')),
  node: params.getAll('node'),
  charts: params.get('charts') === 'true',
})

export const paramsOf = (query: RunQuery): Params => ({
  ...query,
  charts: query.charts ? 'true' : null,
})

export const isFiltered = (query: RunQuery): boolean =>
  query.search !== '' ||
  query.state.length > 0 ||
  query.task !== null ||
  query.since !== null ||
  query.node.length > 0
