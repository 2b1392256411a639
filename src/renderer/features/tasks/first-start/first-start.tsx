import { Button } from '@mantine/core'
import { PlayIcon, PlusIcon } from '@primer/octicons-react'
import { isFile } from '../../../../shared/domain/database.ts'
import type { Task } from '../../../../shared/domain/task.ts'
import { things } from '../../../lib/format.ts'
import { keyOf } from '../../../lib/key-table.ts'
import { dataOf } from '../../../lib/loadable.ts'
import { useLocal } from '../../../lib/local.ts'
import { useRefusal } from '../../../lib/role.ts'
import { href, useRouter } from '../../../lib/router.ts'
import { useAct } from '../../../lib/use-act.ts'
import { useCommands } from '../../../lib/use-commands.ts'
import { systemContext } from '../../../shell/system-store.ts'
import { Code, Keys } from '../../../ui/text.tsx'
import { tasksContext } from '../store.ts'
import { useTaskActs } from '../use-task-acts.ts'
import { NodeStep } from './node-step.tsx'
import { Step } from './step.tsx'
import { firstSteps } from './store.ts'

interface FirstStartProps {
  tasks: readonly Task[]
  /** A task is open beside it: Escape closes that. */
  isBehind?: boolean
}

/** From an empty node to the output of a first run, in three steps, each of which may be skipped. */
export function FirstStart({ tasks, isBehind = false }: FirstStartProps) {
  const router = useRouter()
  const type = dataOf(systemContext.useState((state) => state.info))?.databaseType
  const where = !type || isFile(type) ? 'with its own database' : `on a ${type} database`
  const skip = (): void => {
    firstSteps.all.set(false)
    router.go(href(['tasks']))
  }
  useCommands('start', { skip: isBehind ? undefined : skip })
  return (
    <div className="first">
      <div>
        <h2>{tasks.length === 0 ? 'Nothing is scheduled here yet' : 'First steps'}</h2>
        <p className="t2">This machine is a complete node {where}. Three short steps, each can be skipped.</p>
        <ol className="steps">
          <NodeStep />
          <TasksStep tasks={tasks} />
          <RunStep tasks={tasks} />
          {type && isFile(type) && <JoinStep />}
        </ol>
        <button type="button" className="link small" onClick={skip}>
          Skip all <Keys of={keyOf('start', 'skip')} />
        </button>
      </div>
    </div>
  )
}

function TasksStep({ tasks }: { tasks: readonly Task[] }) {
  const router = useRouter()
  const store = tasksContext.useApi()
  const refusal = useRefusal('admin')
  const adding = useAct('The samples were not created')
  const may = { disabled: refusal !== null, title: refusal ?? undefined }
  const add = async (): Promise<void> => {
    await store.getState().firstStart.getState().addSamples()
    // The list takes the place of these steps as soon as there is a task; here they go on.
    router.go(href(['start']))
  }
  const words =
    tasks.length === 0
      ? 'An import shows a plan first and changes nothing until you agree; samples are created disabled.'
      : `There ${tasks.length === 1 ? 'is' : 'are'} ${things(tasks.length, 'task')} now.`
  return (
    <Step name="tasks" number={2} title="Bring tasks" words={words} done={tasks.length > 0}>
      <div className="row step-acts">
        <Button
          variant={tasks.length === 0 ? 'filled' : 'default'}
          leftSection={<PlusIcon size={14} />}
          rightSection={<Keys of="N" />}
          {...may}
          onClick={() => router.go(href(['tasks', 'new']))}
        >
          Write a task
        </Button>
        <Button {...may} onClick={() => router.go(href(['import']))}>
          Import from PSWebHost
        </Button>
        <Button {...may} loading={adding.busy} onClick={() => adding.start(add)}>
          Try sample tasks
        </Button>
      </div>
    </Step>
  )
}

/** The other way to begin: this node brings nothing of its own, and does the work of a cluster that is there. */
function JoinStep() {
  const isHere = useLocal() !== null
  return (
    <li aria-label="Join a cluster">
      <span className="step-n" aria-hidden>
        or
      </span>
      <div className="grow">
        <h3>Join a cluster</h3>
        <p className="t2 small">
          The nodes of a cluster share a server database. This one moves to it{' '}
          {isHere ? (
            <a className="link" href={href(['settings', 'database'])}>
              under Settings → Database
            </a>
          ) : (
            'on its own machine, in its desktop window or its app.yaml'
          )}
          , and then takes the cluster’s key with <Code>pswebhost-node join TOKEN</Code>. The token is made on
          a node that is in it already, with Nodes → Add node.
        </p>
      </div>
    </li>
  )
}

const SHOWN = 3

function RunStep({ tasks }: { tasks: readonly Task[] }) {
  const { run, refusal } = useTaskActs()
  const done = tasks.some(({ lastRun }) => lastRun !== null)
  const words =
    tasks.length === 0
      ? 'After step 2: run one task now and read its output while it comes.'
      : 'Run one task now; its output is shown while it comes. A disabled task can be run, too.'
  return (
    <Step name="run" number={3} title="First run" words={words} done={done}>
      {tasks.length > 0 && (
        <div className="row step-acts">
          {tasks.slice(0, SHOWN).map((task) => (
            <Button
              key={task.taskId}
              leftSection={<PlayIcon size={14} />}
              disabled={refusal.operator !== null}
              title={refusal.operator ?? undefined}
              onClick={() => run(task)}
            >
              Run {task.taskName}
            </Button>
          ))}
        </div>
      )}
    </Step>
  )
}
