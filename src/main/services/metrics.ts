import { Counter, Gauge, Histogram, Registry } from 'prom-client'
import { FINAL_STATES } from '../../shared/domain/run.ts'
import type { EventBus } from './events.ts'

/** What /metrics tells: counted here as it happens, or read when it is asked for. */
export interface Metrics {
  /** How long a run of this node went on, milliseconds. */
  runLasted(durationMs: number): void
  /** Milliseconds between the time a slot was due and its start. */
  runStarted(latenessMs: number): void
  text(): Promise<string>
}

export interface MetricsSources {
  version: string
  /** Every end of a run that this node brought about is told here once: this is where they are counted. */
  events: Pick<EventBus, 'listen'>
  running: () => number
  capacity: () => number
  queued: () => Promise<number>
  /** Seconds since the scheduler last looked at the clock. */
  tickAge: () => number
  databaseUp: () => Promise<boolean>
  /** Null: this node keeps no replica. */
  sync: SyncMeasures | null
}

/** How far the replica of this node is. */
export interface SyncMeasures {
  /** Changes of the cluster database that it has yet to take; NaN while nobody can tell. */
  lag: () => Promise<number>
  /** Seconds since it last had everything. */
  age: () => number
  /** Edits that wait for the cluster database. */
  pending: () => number
}

const SECONDS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300]

export const createMetrics = (sources: MetricsSources): Metrics => {
  const registry = new Registry()
  const registers = [registry]
  const runs = new Counter({
    name: 'pswebhost_runs_total',
    help: 'Ended runs by final state.',
    labelNames: ['state'],
    registers,
  })
  const lateness = new Histogram({
    name: 'pswebhost_run_lateness_seconds',
    help: 'From the time a slot was due to its start.',
    buckets: SECONDS,
    registers,
  })
  const duration = new Histogram({
    name: 'pswebhost_run_duration_seconds',
    help: 'From start to end of a run.',
    buckets: [...SECONDS, 1800, 3600, 14_400],
    registers,
  })
  for (const state of FINAL_STATES) runs.inc({ state }, 0)
  addGauges(registers, sources)
  new Gauge({ name: 'pswebhost_info', help: 'Version.', labelNames: ['version'], registers }).set(
    { version: sources.version },
    1,
  )

  // Each node counts its own: whoever adds them up counts none twice.
  sources.events.listen(({ type, state }, origin) => {
    if (origin === 'here' && type === 'run.finished' && state !== undefined) runs.inc({ state })
  })
  return {
    runLasted: (durationMs) => duration.observe(durationMs / 1000),
    runStarted: (latenessMs) => lateness.observe(Math.max(0, latenessMs) / 1000),
    text: () => registry.metrics(),
  }
}

/** What is read when it is asked for. */
const addGauges = (registers: Registry[], sources: MetricsSources): void => {
  const gauge = (name: string, help: string, read: () => number | Promise<number>): void => {
    const made: Gauge = new Gauge({
      name,
      help,
      registers,
      collect: async () => made.set(await read()),
    })
  }
  gauge('pswebhost_running', 'Runs going on on this node.', sources.running)
  gauge('pswebhost_capacity', 'Runs this node may have going on at once.', sources.capacity)
  gauge('pswebhost_queued', 'Waiting runs in the cluster.', sources.queued)
  gauge('pswebhost_last_tick_age_seconds', 'Since the scheduler last looked at the clock.', sources.tickAge)
  gauge('pswebhost_database_up', '1 when the cluster database answers.', async () =>
    (await sources.databaseUp()) ? 1 : 0,
  )
  const { sync } = sources
  if (sync) {
    gauge('pswebhost_sync_lag_changes', 'Changes that the replica of this node has yet to take.', sync.lag)
    gauge('pswebhost_sync_age_seconds', 'Since the replica of this node last had everything.', sync.age)
    gauge('pswebhost_sync_pending', 'Edits of this node that wait for the cluster database.', sync.pending)
  }
}
