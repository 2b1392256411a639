import { expect, it } from 'vitest'
import { runFilterSchema } from '../../src/shared/domain/run.ts'
import { shareEngineNode } from '../support/engine.ts'
import { eventually } from '../support/eventually.ts'
import { admin } from '../support/node.ts'

const shared = shareEngineNode()

it('lists runs by their true start: from is inclusive, to is exclusive', async () => {
  const { services, ...node } = shared()
  const { taskId } = await node.task({})
  const { historyId } = await services.runs.start(admin, taskId, {})
  const run = await eventually(async () => {
    const found = await services.runs.get(admin, historyId)
    return found.endTime ? found : null
  })
  const ids = async (filter: object) => {
    const page = await services.runs.list(admin, runFilterSchema.parse({ task: taskId, ...filter }))
    return page.items.map((one) => one.historyId)
  }
  expect(await ids({ from: run.startTime })).toEqual([historyId])
  expect(await ids({ to: run.startTime })).toEqual([])
})
