import type { AssignableNode } from '../../shared/domain/assignment.ts'

/** This node as its own services know it. */
export interface Self {
  readonly nodeId: string
  readonly nodeName: string
  /** New at each start: renewals and results of an earlier start are refused by it. */
  readonly incarnation: string
  /** Classification and capacity as they stand in the cluster database now. */
  node(): AssignableNode
}
