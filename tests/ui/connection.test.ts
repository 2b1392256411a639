import { expect, it } from 'vitest'
import { startNodeProcess } from '../support/node-process.ts'
import { describeConsole } from './console.ts'

describeConsole('connection', (open) => {
  it('says since when the node is unreachable, keeps what was shown, and catches up when it is back', async () => {
    const { page, node, task, errors } = await open()
    await task({ taskName: 'Rotate logs' })
    await page.getByRole('link', { name: 'Rotate logs' }).waitFor()
    const { port } = new URL(node.url)
    await node.stop()
    await page.getByText(/Node unreachable since \d\d:\d\d:\d\d/).waitFor()
    expect(await page.getByRole('link', { name: 'Rotate logs' }).isVisible()).toBe(true)

    const again = await startNodeProcess({ dir: node.dir, args: ['--port', port] })
    expect(again.url).toBe(node.url)
    // It tries again by itself, later and later.
    await page.getByText(/Node unreachable since/).waitFor({ state: 'detached', timeout: 25_000 })
    await task({ taskName: 'Made meanwhile' })
    await page.getByRole('link', { name: 'Made meanwhile' }).waitFor()
    expect(errors).toEqual([])
  })
})
