import type { Contestant } from './contestant.ts'
import { graphileWorker } from './graphile-worker.ts'
import { ours } from './ours.ts'
import { pgBoss } from './pg-boss.ts'
import { specification } from './specification.ts'

export const contestants = { ours, specification, pgBoss, graphileWorker } satisfies Record<
  string,
  Contestant
>
export type ContestantName = keyof typeof contestants
