import { Button, Checkbox, TextInput } from '@mantine/core'
import { DownloadIcon, FileDirectoryIcon, FileIcon } from '@primer/octicons-react'
import { useRef, useState, type DragEvent, type FormEvent } from 'react'
import { messageOf } from '../../../shared/domain/errors.ts'
import { download } from '../../lib/download.ts'
import { things } from '../../lib/format.ts'
import { useLocal } from '../../lib/local.ts'
import { toastDone } from '../../lib/toast.ts'
import { useAct } from '../../lib/use-act.ts'
import { Code } from '../../ui/text.tsx'
import { filesOfDrop, readChosen } from './choose-files.ts'
import { importContext } from './store.ts'

/** The ways to name what is to be imported; each leads to its plan. */
export function ChooseSource() {
  const { choose } = importContext.useApi().getState()
  const [problem, setProblem] = useState<string | null>(null)
  const [over, setOver] = useState(false)
  const take = async (chosen: Promise<readonly File[]>): Promise<void> => {
    try {
      setProblem(null)
      void choose({ kind: 'files', files: await readChosen(await chosen) })
    } catch (thrown) {
      setProblem(messageOf(thrown))
    }
  }
  const drop = (event: DragEvent): void => {
    event.preventDefault()
    setOver(false)
    void take(filesOfDrop(event.dataTransfer))
  }
  return (
    <>
      <h2>Import tasks</h2>
      <p className="t2">
        From a PSWebHost installation, its task files, or an export of this program. You see what would happen
        before anything is written.
      </p>
      <OnThisMachine />
      <div
        className={over ? 'import-drop over' : 'import-drop'}
        onDragOver={(event) => {
          event.preventDefault()
          setOver(true)
        }}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
      >
        <span className="grow t2">Drop a folder or files here, or</span>
        <Picker label="Choose a folder" folder onFiles={(files) => void take(Promise.resolve(files))} />
        <Picker label="Choose files" onFiles={(files) => void take(Promise.resolve(files))} />
      </div>
      {problem && (
        <p className="bad small" role="alert">
          {problem}
        </p>
      )}
      <Export />
    </>
  )
}

interface PickerProps {
  label: string
  folder?: boolean
  onFiles: (files: File[]) => void
}

function Picker({ label, folder = false, onFiles }: PickerProps) {
  const input = useRef<HTMLInputElement>(null)
  return (
    <>
      <input
        ref={input}
        type="file"
        hidden
        multiple
        aria-label={label}
        accept={folder ? undefined : '.json,.yaml,.yml'}
        {...(folder && { webkitdirectory: '' })}
        onChange={(event) => {
          onFiles([...(event.currentTarget.files ?? [])])
          event.currentTarget.value = ''
        }}
      />
      <Button
        leftSection={folder ? <FileDirectoryIcon size={14} /> : <FileIcon size={14} />}
        onClick={() => input.current?.click()}
      >
        {label}…
      </Button>
    </>
  )
}

/** In the desktop window the node reads the folder itself: then it knows where the scripts are. */
function OnThisMachine() {
  const local = useLocal()
  const { choose } = importContext.useApi().getState()
  const [path, setPath] = useState('')
  const [addScriptRoot, setAddScriptRoot] = useState(true)
  if (!local) return null
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (path.trim()) void choose({ kind: 'path', path: path.trim(), addScriptRoot })
  }
  return (
    <form className="import-path" onSubmit={submit}>
      <TextInput
        label="Folder or file on this machine"
        placeholder="/opt/PSWebHost"
        autoFocus
        value={path}
        onChange={(event) => setPath(event.currentTarget.value)}
      />
      <Button type="submit" variant="filled" disabled={!path.trim()}>
        Show the plan
      </Button>
      <Checkbox
        label="Make an installation's folder a script root, so that its scripts may run where they are"
        checked={addScriptRoot}
        onChange={(event) => setAddScriptRoot(event.currentTarget.checked)}
      />
    </form>
  )
}

function Export() {
  const { exportAll } = importContext.useApi().getState()
  const exporting = useAct('The tasks were not exported')
  const start = async (): Promise<void> => {
    const document = await exportAll()
    download('tasks.json', JSON.stringify(document, null, 2), 'application/json')
    toastDone(`Exported ${things(document.tasks.length, 'task')}`)
  }
  return (
    <div className="row import-export">
      <span className="grow t2 small">
        The other way round: all tasks of this cluster as one file. Secrets are not in it. On the command
        line: <Code>export FILE</Code>.
      </span>
      <Button
        leftSection={<DownloadIcon size={14} />}
        loading={exporting.busy}
        onClick={() => exporting.start(start)}
      >
        Export all tasks
      </Button>
    </div>
  )
}
