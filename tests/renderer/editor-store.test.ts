import { describe, expect, it } from 'vitest'
import type { AppClient } from '../../src/renderer/client.ts'
import { changedFields, draftOf, merged } from '../../src/renderer/features/tasks/editor/draft.ts'
import { createEditorStore } from '../../src/renderer/features/tasks/editor/store.ts'
import type { Run } from '../../src/shared/domain/run.ts'
import { taskInputSchema, type Task } from '../../src/shared/domain/task.ts'
import { runOf, taskOf } from '../support/memory-records.ts'

const TASK_ID = '0190aaaa-1111-7000-8000-000000000001'
const task = (part: Partial<Task> = {}): Task => ({
  ...taskOf(TASK_ID, taskInputSchema.parse({ taskName: 'Backup', scriptPath: 'ok.sh' }), 'admin'),
  ...part,
})

/** An editor in front of a node that has one task; what is saved and what runs are its fields. */
const open = async (saved: Task) => {
  const node = { task: saved, active: [] as Run[], updates: [] as unknown[] }
  const client = {
    tasks: {
      get: async () => node.task,
      update: async (input: object) => {
        node.updates.push(input)
        return (node.task = { ...node.task, ...input })
      },
      nodes: async () => ({ runOn: 'One', items: [] }),
      history: async () => ({ items: node.active }),
      validate: async () => ({ ok: true, errors: [], warnings: [], matchingNodes: [], placements: [] }),
    },
    nodes: { list: async () => ({ items: [] }) },
    locks: { list: async () => ({ items: [] }) },
    changes: { list: async () => ({ items: [] }) },
  } as unknown as AppClient // what an editor asks of it
  const store = createEditorStore(client, TASK_ID)
  await store.getState().load()
  return { node, editor: () => store.getState() }
}

const ofNode = { assignedNodeId: TASK_ID }
const NONE = { assignedNodeId: '', assignedNodeGroup: '', assignedNodeRole: '' }

describe('an editor with changes', () => {
  it('hears of runs, and leaves alone what was typed', async () => {
    const { node, editor } = await open(task())
    editor().edit({ description: 'typed' })
    node.active = [runOf(TASK_ID, task(), 'Manual')]
    node.task = task({ version: 2, description: 'theirs' })
    await editor().onChanged()
    expect(editor().active).toHaveLength(1)
    expect(editor().runs).toHaveLength(1)
    expect(editor().places).not.toBeNull()
    expect(editor().draft.description).toBe('typed')
    editor().discard()
    await editor().onChanged()
    expect(editor().draft.description).toBe('theirs')
    editor().close()
  })
})

describe('a target that is not chosen yet', () => {
  it('of one node is a change that is not saved as any node', async () => {
    const { node, editor } = await open(task({ assignedNodeGroup: 'core' }))
    editor().edit({ targetKind: 'node', ...NONE })
    expect(editor().changed).toEqual(['assignedNodeId', 'assignedNodeGroup'])
    expect(await editor().save('')).toBeNull()
    expect(node.updates).toEqual([])
    expect(editor().issues).toContainEqual({ path: ['assignedNodeId'], message: 'choose a node' })
    expect(editor().failure?.message).toBe('Node: choose a node')
    editor().edit({ assignedNodeId: TASK_ID })
    expect(await editor().save('')).not.toBeNull()
    expect(node.updates).toMatchObject([{ assignedNodeId: TASK_ID, assignedNodeGroup: null }])
    editor().close()
  })

  it('is forgotten when it is discarded', async () => {
    const { editor } = await open(task())
    editor().edit({ targetKind: 'node', ...NONE })
    expect(editor().changed).toEqual(['assignedNodeId'])
    editor().discard()
    expect(editor().draft.targetKind).toBe('any')
    expect(editor().changed).toEqual([])
    editor().close()
  })

  it('stays a group while its name is typed anew, and is not saved without one', async () => {
    const { node, editor } = await open(task({ assignedNodeGroup: 'core' }))
    expect(editor().draft.targetKind).toBe('group')
    editor().edit({ assignedNodeGroup: '' })
    expect(editor().draft.targetKind).toBe('group')
    expect(await editor().save('')).toBeNull()
    expect(node.updates).toEqual([])
    editor().edit({ assignedNodeRole: 'worker' })
    expect(await editor().save('')).not.toBeNull()
    editor().close()
  })

  it('says so only once a field was typed in or saving was tried', async () => {
    const { editor } = await open(task())
    editor().edit({ targetKind: 'node', ...NONE })
    expect([...editor().touched]).toEqual([])
    editor().close()
  })
})

describe('two edits of a target', () => {
  it('are not mixed: mine is kept whole', () => {
    const base = draftOf(task())
    const mine = { ...base, targetKind: 'group', assignedNodeGroup: 'core' } as const
    const fresh = draftOf(task(ofNode))
    const both = merged(base, mine, fresh)
    expect(both).toMatchObject({ ...NONE, targetKind: 'group', assignedNodeGroup: 'core' })
    expect(changedFields(fresh, both)).toEqual(['assignedNodeId', 'assignedNodeGroup'])
  })
})
