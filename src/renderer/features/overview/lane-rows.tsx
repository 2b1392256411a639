import type { Run } from '../../../shared/domain/run.ts'
import { UPCOMING_BUCKET_MS } from '../../../shared/domain/upcoming.ts'
import { clock, things } from '../../lib/format.ts'
import { href } from '../../lib/router.ts'
import { looks } from '../../theme/states.tsx'
import { Shape } from '../../ui/state.tsx'
import { hoursOf, laneWords, SPLIT, type BadEnd, type Lane, type Tick } from './lanes.ts'

const percent = (n: number): string => `${n}%`
const timeOf = (at: number, now: number): string => clock(new Date(at), new Date(now))

/** One lane for each node: six hours back, a day ahead, in two scales that meet at 'now'. */
export function Lanes({ lanes, now }: { lanes: readonly Lane[]; now: number }) {
  const hours = hoursOf(now)
  return (
    <div className="lanes" tabIndex={0} role="group" aria-label="Nodes over time">
      <div className="lanes-axis num" aria-hidden>
        <span className="lane-name" />
        <div className="lane-track">
          {hours.map(({ at, left }) => (
            <span key={at} style={{ left: percent(left) }}>
              {timeOf(at, now)}
            </span>
          ))}
          <b style={{ left: percent(SPLIT) }}>now</b>
        </div>
      </div>
      <ul className="lanes-body">
        <li className="lanes-grid" aria-hidden>
          {hours.map(({ at, left }) => (
            <i key={at} style={{ left: percent(left) }} />
          ))}
          <i className="lanes-now" style={{ left: percent(SPLIT) }} />
        </li>
        {lanes.map((lane) => (
          <LaneRow key={lane.node?.nodeId ?? ''} lane={lane} now={now} />
        ))}
      </ul>
    </div>
  )
}

function LaneRow({ lane, now }: { lane: Lane; now: number }) {
  const { node, bars, bad, ticks, hatch } = lane
  return (
    <li className="lane">
      <span className="lane-name">
        {node ? (
          <>
            <Shape of={node.state} size={11} alone />
            <a
              className="cut"
              title={node.nodeName}
              href={href(['history'], { node: [node.nodeId], since: '24h' })}
            >
              {node.nodeName}
            </a>
          </>
        ) : (
          <span className="cut t3">any of several</span>
        )}
        <span className="hidden-text">{`: ${laneWords(lane)}`}</span>
      </span>
      <div className="lane-track">
        {hatch && (
          <span className={`lane-hatch ${hatch.kind}`} style={{ left: percent(hatch.left) }}>
            <em>{hatch.words}</em>
          </span>
        )}
        {bars.map((bar) => (
          <i
            key={`${bar.isRunning} ${bar.left}`}
            className={bar.isRunning ? 'lane-bar running' : 'lane-bar'}
            style={{ left: percent(bar.left), width: percent(bar.width) }}
            title={bar.isRunning ? `${bar.count} running` : things(bar.count, 'run')}
          />
        ))}
        {bad.map((end) => (
          <Bad key={end.run.historyId} end={end} now={now} />
        ))}
        {ticks.map((tick) => (
          <i
            key={tick.at}
            className="lane-tick"
            style={{ left: percent(tick.left), height: tick.height }}
            title={tickWords(tick, now)}
          />
        ))}
      </div>
    </li>
  )
}

/** What ended badly keeps its shape and leads to its run; the keyboard reaches it over the node's history. */
function Bad({ end: { left, width, run }, now }: { end: BadEnd; now: number }) {
  const { color } = looks[run.state]
  return (
    <>
      <i className="lane-bar bad" style={{ left: percent(left), width: percent(width), background: color }} />
      <a
        className="lane-bad"
        tabIndex={-1}
        href={href(['history', run.historyId])}
        style={{ left: percent(left + width) }}
        title={badWords(run, now)}
        aria-label={badWords(run, now)}
      >
        <Shape of={run.state} size={12} />
      </a>
    </>
  )
}

const badWords = ({ taskName, state, endTime, scheduledFor }: Run, now: number): string =>
  `${looks[state].word}: ${taskName} at ${timeOf(Date.parse(endTime ?? scheduledFor), now)}`

const tickWords = ({ at, count }: Tick, now: number): string =>
  `${timeOf(at, now)} to ${timeOf(at + UPCOMING_BUCKET_MS, now)}: ${things(count, 'slot')}`
