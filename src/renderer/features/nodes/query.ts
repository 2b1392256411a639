import type { NodeState } from '../../../shared/domain/node.ts'
import type { Params } from '../../lib/router.ts'
import { nodeStates } from '../../theme/states.tsx'
import type { NodeQuery } from './fits.ts'

/** The list's part of the address, both ways. */

const isState = (text: string): text is NodeState => Object.hasOwn(nodeStates, text)

export const NODE_STATE_OPTIONS = Object.entries(nodeStates).flatMap(([value, look]) =>
  isState(value) ? [{ value, label: look.word }] : [],
)

export const queryOf = (params: URLSearchParams): NodeQuery => ({
  state: params.getAll('state').filter(isState),
  group: params.getAll('group'),
  role: params.getAll('role'),
  tag: params.getAll('tag'),
  version: params.getAll('version'),
})

export const paramsOf = (query: NodeQuery): Params => ({ ...query })
