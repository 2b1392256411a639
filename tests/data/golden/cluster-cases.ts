import { currentHold, insertHold, releaseHolds } from '../../../src/main/data/repos/holds.ts'
import {
  chunksFrom,
  chunkStart,
  dropChunksBefore,
  dropFollower,
  dropLiveOutput,
  followedRuns,
  putChunk,
  putFollower,
} from '../../../src/main/data/repos/live-output.ts'
import {
  endWaiting,
  lockWaiting,
  requestStops,
  runningUnasked,
  waitingRuns,
} from '../../../src/main/data/repos/stops.ts'
import { changesSince, readMarks, runsUpdatedSince } from '../../../src/main/data/repos/watch.ts'
import type { Case } from './cases.ts'
import { LATER, NOW, OTHER_RUN, RUN, TRANSACTION } from './ids.ts'

/** What nodes do to each other: emergency stop, what they watch, live output. */

const asked = { stopRequestedAt: NOW, stopRequestedBy: 'local:ann', updatedAt: NOW }
const hold = { holdId: TRANSACTION, heldAt: NOW, heldBy: 'local:ann', reason: 'fire' }

export const clusterCases: Case[] = [
  {
    title: 'what has moved',
    run: ({ db }) => readMarks(db, { schemaVersion: 6 }),
    answer: () => [{ lastChange: 7 }],
  },
  {
    title: 'what has moved, before there were failures',
    run: ({ db }) => readMarks(db, { schemaVersion: 5 }),
    answer: () => [{ lastChange: null }],
  },
  { title: 'runs written since', run: ({ db }) => runsUpdatedSince(db, NOW, 1000) },
  { title: 'changes captured since', run: ({ db }) => changesSince(db, NOW, 1000) },
  { title: 'whether the cluster is held', run: ({ db }) => currentHold(db) },
  {
    title: 'it is held',
    run: ({ db }) => insertHold(db, { ...hold, releasedAt: null, releasedBy: null }),
  },
  {
    title: 'it is released',
    run: ({ db }) => releaseHolds(db, { releasedAt: NOW, releasedBy: 'local:ann' }),
  },
  { title: 'what runs and was not asked to stop', run: ({ db }) => runningUnasked(db, 200) },
  { title: 'runs are asked to stop', run: ({ db }) => requestStops(db, [RUN, OTHER_RUN], asked) },
  { title: 'what waits', run: ({ db }) => waitingRuns(db, { afterId: RUN, limit: 200 }) },
  { title: 'waiting runs are locked', run: ({ db }) => lockWaiting(db, [RUN, OTHER_RUN]) },
  {
    title: 'waiting runs end',
    run: ({ db }) =>
      endWaiting(db, [RUN], { ...asked, endTime: NOW, error: 'the cluster was stopped', state: 'Stopped' }),
  },
  { title: 'somebody follows a run', run: ({ db }) => putFollower(db, RUN, LATER) },
  { title: 'which runs are followed', run: ({ db }) => followedRuns(db, NOW, [RUN, OTHER_RUN]) },
  {
    title: 'live output is written',
    run: ({ db }) => putChunk(db, RUN, { position: 4096, chunk: Buffer.from('6f6b', 'hex') }, NOW),
  },
  { title: 'where it goes on', run: ({ db }) => chunkStart(db, RUN, 4100) },
  { title: 'it is read', run: ({ db }) => chunksFrom(db, RUN, 4096, 4) },
  { title: 'its beginning goes', run: ({ db }) => dropChunksBefore(db, RUN, 4096) },
  { title: 'all of it goes', run: ({ db }) => dropLiveOutput(db, RUN) },
  { title: 'nobody follows it', run: ({ db }) => dropFollower(db, RUN) },
]
