import { useState } from 'react'
import { useStore, type StoreApi } from 'zustand'
import type { Run } from '../../../shared/domain/run.ts'
import { bytes, things } from '../../lib/format.ts'
import { useKeys } from '../../lib/use-keys.ts'
import { LogView } from '../../ui/log-view.tsx'
import { Shape } from '../../ui/state.tsx'
import { Keys } from '../../ui/text.tsx'
import { isActive } from './active.ts'
import type { RunViewState } from './run-store.ts'

/** The output as it comes. While the run goes on the end stays in sight, until somebody scrolls up. */
export function RunOutput({ run, store }: { run: Run; store: StoreApi<RunViewState> }) {
  const output = useStore(store, (state) => state.output)
  const failure = useStore(store, (state) => state.outputFailure)
  const [following, setFollowing] = useState(true)
  const [seen, setSeen] = useState(0)
  const total = output.dropped + output.lines.length
  const live = isActive(run.state)
  const follow = (on: boolean): void => {
    setFollowing(on)
    setSeen(total)
  }
  useKeys({ f: live ? () => follow(!following) : undefined })
  const fresh = following ? 0 : total - seen
  return (
    <section className="log" aria-label="Output">
      {output.lines.length === 0 ? (
        <p className="log-empty t3">{emptyWords(run)}</p>
      ) : (
        <LogView
          label="Output of the run"
          lines={output.lines}
          firstNumber={output.dropped + 1}
          follow={live && following}
          onFollow={follow}
        />
      )}
      <div className="foot">
        {live && (
          <span className={following ? 'blue' : ''}>
            {following && <Shape of="Running" size={11} />}
            {following ? 'Following' : 'Not following'}
          </span>
        )}
        <span className="num">{`${things(total, 'line')}, ${bytes(run.outputBytes ?? output.bytes)}`}</span>
        {output.dropped > 0 && <span>{things(output.dropped, 'older line')} not shown</span>}
        {failure && <span className="bad">Output could not be read: {failure.message}</span>}
        <span className="grow" />
        {live && fresh > 0 && (
          <button type="button" className="link" onClick={() => follow(true)}>
            {things(fresh, 'new line')} below
          </button>
        )}
        {live && (
          <span>
            <Keys of="F" /> {following ? 'stop following' : 'follow'}
          </span>
        )}
        <span>
          <Keys of="Esc" /> back
        </span>
      </div>
    </section>
  )
}

const emptyWords = (run: Run): string => {
  if (run.state === 'Queued') return 'It has not started: no output yet.'
  return run.state === 'Running' ? 'No output yet.' : 'It wrote no output.'
}
