import { useDeferredValue, useMemo, useState } from 'react'
import { useStore, type StoreApi } from 'zustand'
import type { Run } from '../../../shared/domain/run.ts'
import { download } from '../../lib/download.ts'
import { bytes, things } from '../../lib/format.ts'
import { markOf } from '../../lib/log-marks.ts'
import { useAct } from '../../lib/use-act.ts'
import { useCommands } from '../../lib/use-commands.ts'
import { LogView } from '../../ui/log-view.tsx'
import { Shape } from '../../ui/state.tsx'
import { Keys } from '../../ui/text.tsx'
import { isActive } from './active.ts'
import { linesWith, nextOf, previousOf } from './find.ts'
import { OutputBar } from './output-bar.tsx'
import type { RunViewState } from './run-store.ts'

/** The output as it comes. While the run goes on the end stays in sight, until somebody scrolls up. */
export function RunOutput({ run, store }: { run: Run; store: StoreApi<RunViewState> }) {
  const output = useStore(store, (state) => state.output)
  const [following, setFollowing] = useState(true)
  const [seen, setSeen] = useState(0)
  const [find, setFind] = useState('')
  const [current, setCurrent] = useState<number | null>(null)
  const [wrap, setWrap] = useState(false)
  const saving = useAct('The output was not saved')
  const { lines } = output
  const wanted = useDeferredValue(find)
  const hits = useMemo(() => linesWith(lines, wanted), [lines, wanted])
  const errors = useMemo(
    () => lines.flatMap((line, i) => (markOf(line.text) === 'error' ? [i] : [])),
    [lines],
  )
  const total = output.dropped + lines.length
  const live = isActive(run.state)
  const follow = (on: boolean): void => {
    setFollowing(on)
    setSeen(total)
  }
  const goTo = (line: number | null): void => {
    if (line === null) return
    if (live) follow(false)
    setCurrent(line)
  }
  const search = (text: string): void => {
    setFind(text)
    goTo(linesWith(lines, text)[0] ?? null)
  }
  const step = (forward: boolean): void => goTo((forward ? nextOf : previousOf)(hits, current ?? -1))
  const nextError = (): void => goTo(nextOf(errors, current ?? -1))
  const save = async (): Promise<void> =>
    download(
      `${run.taskName} ${run.scheduledFor.slice(0, 19).replaceAll(':', '')}.log`,
      await store.getState().text(),
    )
  useCommands('run', {
    follow: live ? () => follow(!following) : undefined,
    nextError: errors.length > 0 ? nextError : undefined,
  })
  return (
    <section className="log" aria-label="Output">
      {lines.length === 0 ? (
        <p className="log-empty t3">{emptyWords(run)}</p>
      ) : (
        <>
          <OutputBar
            {...{ find, wrap }}
            hits={hits.length}
            at={current === null ? 0 : hits.indexOf(current) + 1}
            errors={errors.length}
            onFind={search}
            onStep={step}
            onError={nextError}
            onWrap={setWrap}
            onDownload={() => saving.start(save)}
          />
          <LogView
            label="Output of the run"
            {...{ lines, wrap, current }}
            find={wanted}
            firstNumber={output.dropped + 1}
            follow={live && following}
            onFollow={follow}
          />
        </>
      )}
      <Foot
        {...{ run, store, following }}
        fresh={following || !live ? 0 : total - seen}
        onFollow={() => follow(!following)}
      />
    </section>
  )
}

interface FootProps {
  run: Run
  store: StoreApi<RunViewState>
  following: boolean
  /** Lines that came since the reader scrolled up. */
  fresh: number
  onFollow: () => void
}

function Foot({ run, store, following, fresh, onFollow }: FootProps) {
  const output = useStore(store, (state) => state.output)
  const failure = useStore(store, (state) => state.outputFailure)
  const live = isActive(run.state)
  const total = output.dropped + output.lines.length
  return (
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
      {fresh > 0 && (
        <button type="button" className="link" onClick={onFollow}>
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
  )
}

const emptyWords = (run: Run): string => {
  if (run.state === 'Queued') return 'It has not started: no output yet.'
  return run.state === 'Running' ? 'No output yet.' : 'It wrote no output.'
}
