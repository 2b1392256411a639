import type { ReactNode } from 'react'
import type { Run } from '../../../shared/domain/run.ts'
import { duration } from '../../lib/format.ts'
import { Clock, Relative, Since } from '../../ui/time.tsx'
import { useNodeName } from './store.ts'
import { secondsOf, triggerWords } from './words.ts'

const none = <span className="t3">–</span>

/** How late it started, when that is worth a word. */
const lateness = (run: Run): string | null => {
  if (!run.startTime) return null
  const late = (Date.parse(run.startTime) - Date.parse(run.notBefore)) / 1000
  return late >= 0 ? `${late < 1 ? `${Math.round(late * 1000)}\u202fms` : duration(late)} late` : null
}

export function RunFacts({ run }: { run: Run }) {
  const node = useNodeName(run.nodeId ?? run.targetNodeId)
  const seconds = secondsOf(run)
  return (
    <dl className="run-facts">
      <Fact name="Node" value={node ?? none} note={run.nodeId ? null : 'not yet claimed'} />
      <Fact name="Started how" value={run.triggeredBy} note={triggerWords(run)} />
      <Fact
        name="Scheduled for"
        value={<Clock at={run.scheduledFor} precision="seconds" />}
        note={<Relative at={run.scheduledFor} />}
      />
      <Fact
        name="Started"
        value={run.startTime ? <Clock at={run.startTime} precision="milliseconds" /> : none}
        note={lateness(run)}
      />
      <Fact
        name="Ended"
        value={run.endTime ? <Clock at={run.endTime} precision="milliseconds" /> : none}
        note={run.endTime && <Relative at={run.endTime} />}
      />
      <Fact
        name="Took"
        value={seconds === null ? none : duration(seconds)}
        note={run.state === 'Running' && run.startTime && <Since at={run.startTime} />}
      />
      <Fact name="Exit code" value={run.exitCode ?? none} />
      <Fact name="Task version" value={run.taskVersion === null ? none : `v${run.taskVersion}`} />
    </dl>
  )
}

function Fact({ name, value, note }: { name: string; value: ReactNode; note?: ReactNode }) {
  return (
    <div>
      <dt className="label">{name}</dt>
      <dd className="num cut">{value}</dd>
      <dd className="meta t3 num cut">{note}</dd>
    </div>
  )
}
