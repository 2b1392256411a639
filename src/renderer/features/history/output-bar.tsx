import { Button, Switch } from '@mantine/core'
import { ChevronDownIcon, ChevronUpIcon, DownloadIcon } from '@primer/octicons-react'
import { useId } from 'react'
import { SearchField } from '../../ui/search-field.tsx'
import { Keys } from '../../ui/text.tsx'

interface OutputBarProps {
  find: string
  /** How many lines hold it, and which of them is in sight (from 1; 0: none yet). */
  hits: number
  at: number
  wrap: boolean
  errors: number
  onFind: (text: string) => void
  onStep: (forward: boolean) => void
  onError: () => void
  onWrap: (wrap: boolean) => void
  onDownload: () => void
}

/** Above the output: search with its place among the hits, the next error, wrapping and the file. */
export function OutputBar(props: OutputBarProps) {
  const { find, hits, at, wrap, errors } = props
  const wrapId = useId()
  return (
    <div className="log-bar" role="search" aria-label="In the output">
      <span
        onKeyDown={(event) => {
          if (event.key === 'Enter') props.onStep(!event.shiftKey)
        }}
      >
        <SearchField label="Search the output" value={find} onChange={props.onFind} />
      </span>
      {find !== '' && (
        <>
          <span className="num t2" role="status">
            {hits === 0 ? 'not found' : `${at || 1} of ${hits}`}
          </span>
          <button
            type="button"
            aria-label="Previous place"
            onClick={() => props.onStep(false)}
            disabled={hits === 0}
          >
            <ChevronUpIcon size={14} />
          </button>
          <button
            type="button"
            aria-label="Next place"
            onClick={() => props.onStep(true)}
            disabled={hits === 0}
          >
            <ChevronDownIcon size={14} />
          </button>
        </>
      )}
      {errors > 0 && (
        <button type="button" className="link" aria-keyshortcuts="n" onClick={props.onError}>
          Next of {errors} {errors === 1 ? 'error' : 'errors'} <Keys of="N" />
        </button>
      )}
      <span className="grow" />
      <Switch
        id={wrapId}
        label="Wrap"
        labelPosition="left"
        checked={wrap}
        onChange={(event) => props.onWrap(event.currentTarget.checked)}
      />
      <Button leftSection={<DownloadIcon size={14} />} onClick={props.onDownload}>
        Download
      </Button>
    </div>
  )
}
