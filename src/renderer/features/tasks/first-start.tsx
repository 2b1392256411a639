import { Button } from '@mantine/core'
import { PlusIcon } from '@primer/octicons-react'
import { isFile } from '../../../shared/domain/database.ts'
import { dataOf } from '../../lib/loadable.ts'
import { href, useRouter } from '../../lib/router.ts'
import { systemContext } from '../../shell/system-store.ts'
import { Keys } from '../../ui/text.tsx'

/** Nothing is scheduled yet: the three ways to the first task. */
export function FirstStart() {
  const router = useRouter()
  const type = dataOf(systemContext.useState((state) => state.info))?.databaseType
  const where = !type || isFile(type) ? 'with its own database' : `on a ${type} database`
  return (
    <div className="first">
      <div className="first-in">
        <h2>Nothing is scheduled here yet</h2>
        <p className="t2">This machine is a complete node {where}. It waits for its first task.</p>
        <ol className="steps">
          <li>
            <span className="step-n">1</span>
            <div className="grow">
              <b>Write a first task</b>
              <p className="t2 small">A name, a script, and a schedule if it shall run by itself.</p>
            </div>
            <Button
              variant="filled"
              leftSection={<PlusIcon size={14} />}
              rightSection={<Keys of="N" />}
              onClick={() => router.go(href(['tasks', 'new']))}
            >
              Write a task
            </Button>
          </li>
          <li>
            <span className="step-n">2</span>
            <div className="grow">
              <b>Import from PSWebHost</b>
              <p className="t2 small">The plan comes first: what would be created, and what needs a look.</p>
            </div>
            <Button onClick={() => router.go(href(['import']))}>Import tasks</Button>
          </li>
          <li>
            <span className="step-n">3</span>
            <div className="grow">
              <b>Try sample tasks</b>
              <p className="t2 small">Created disabled: look at each, then enable it or run it once.</p>
            </div>
            <Button onClick={() => router.go(href(['import']))}>Choose samples</Button>
          </li>
        </ol>
      </div>
    </div>
  )
}
