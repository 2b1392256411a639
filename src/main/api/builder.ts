import { implement } from '@orpc/server'
import { localContract } from '../../shared/contract/index.ts'
import { requireRole } from '../services/caller.ts'
import type { ApiContext } from './context.ts'
import { isForNodes, roleOf } from './roles.ts'

/** The contract, each procedure behind the role that may ask it. */
export const createBuilder = () =>
  implement(localContract)
    .$context<ApiContext>()
    // Before the input is looked at: who may not ask is not told what the input should be.
    .use(({ context, path, next }) => {
      // What exactly a node's credential may ask, the use case decides: it depends on the node that is named.
      if (!(context.caller.node && isForNodes(path))) requireRole(context.caller, roleOf(path))
      return next()
    })
export type Builder = ReturnType<typeof createBuilder>
