import { defineEntity, p } from '@mikro-orm/core'
import { bytes, key, time } from './columns.ts'

/** Live output of a run for whoever follows it from another node; gone when the run has ended. */
export const TaskOutputEntity = defineEntity({
  name: 'TaskOutput',
  tableName: 'Task_Output',
  properties: {
    historyId: key('HistoryID').primary(),
    /** Of its first byte in all the script wrote. */
    position: p.bigint('number').fieldName('Position').primary(),
    chunk: bytes('Chunk'),
    createdAt: time('CreatedAt'),
  },
  indexes: [{ name: 'idx_output_created', properties: ['createdAt'] }],
})

/** Somebody on another node wants to see this run's output until then. */
export const OutputFollowerEntity = defineEntity({
  name: 'OutputFollower',
  tableName: 'Output_Follower',
  properties: {
    historyId: key('HistoryID').primary(),
    followUntil: time('FollowUntil'),
  },
})
