import { AppError, type Issue } from '../../../../shared/domain/errors.ts'
import type { Task } from '../../../../shared/domain/task.ts'
import { toAppError } from '../../../lib/app-error.ts'
import { distinct } from './check-draft.ts'
import { draftIssues, inputOf, labelOf } from './draft.ts'
import { reset, savedTask, type EditorApi, type EditorClient, type EditorState } from './editor-state.ts'
import { readChoices, readRecord } from './read-record.ts'

const write = (client: EditorClient, state: EditorState, reason: string): Promise<Task> => {
  const context = reason.trim() ? { context: { reason: reason.trim() } } : {}
  const input = inputOf(state.draft)
  const saved = savedTask(state)
  if (!saved) return client.tasks.create(input, context)
  const part = Object.fromEntries(state.changed.map((field) => [field, input[field]]))
  return client.tasks.update({ ...part, taskId: saved.taskId, version: saved.version }, context)
}

/** The current record that came with a refused save, if that is why it was refused. */
const currentOf = (error: AppError): Task | null =>
  error.code === 'CONFLICT' && error.current ? (error.current as Task) : null // the contract says what `current` is

/** What the form itself finds wrong is not sent: the node would save it. */
const refuse = (api: EditorApi, issues: [Issue, ...Issue[]]): null => {
  const [first] = issues
  const failure = new AppError('BAD_REQUEST', `${labelOf(first)}${first.message}`, { issues })
  api.setState({ touched: 'all', failure, issues: distinct([...issues, ...api.getState().issues]) })
  return null
}

/** Saves the draft. @returns the saved task, or null when it was refused */
export const save = async (client: EditorClient, api: EditorApi, reason: string): Promise<Task | null> => {
  const [first, ...more] = draftIssues(api.getState().draft)
  if (first) return refuse(api, [first, ...more])
  api.setState({ saving: true, touched: 'all', failure: null })
  try {
    const task = await write(client, api.getState(), reason)
    api.setState(reset(task))
    // A lock group that was new has a row now, and the task may run elsewhere.
    void readChoices(client).then((choices) => api.setState(choices))
    void readRecord(client, task.taskId).then((record) => api.setState(record))
    return task
  } catch (thrown) {
    const failure = toAppError(thrown)
    const issues = failure.issues ?? api.getState().issues
    api.setState({ failure, issues, theirs: currentOf(failure) })
    return null
  } finally {
    api.setState({ saving: false })
  }
}
