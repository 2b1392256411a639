import { expect, it } from 'vitest'
import { violationsOf } from './axe.ts'
import { addressOf, describeConsole } from './console.ts'

const GONE = '0190b2c4-0000-7000-8000-000000000001'

describeConsole('filters', (open) => {
  it('say that they are set though the node asked for is not known, and can be cleared', async () => {
    const { page, node, errors } = await open()
    for (const view of ['history', 'changes']) {
      await page.goto(`${node.url}/#/${view}?node=${GONE}`)
      await page.getByRole('button', { name: `Node is ${GONE.slice(0, 8)}` }).waitFor()
      await page.getByRole('button', { name: 'Clear filter Node' }).click()
      expect(addressOf(page)).toBe(`#/${view}`)
    }
    expect(errors).toEqual([])
  })

  it('with many options are searched, by keyboard alone too', async () => {
    const { page, node, task, errors } = await open()
    for (let i = 1; i <= 14; i++) await task({ taskName: `Task ${i}` })
    const wanted = await task({ taskName: 'Quarterly report' })
    await page.goto(`${node.url}/#/changes`)
    await page.getByRole('link', { name: /Quarterly report/ }).waitFor()
    await page.getByRole('button', { name: 'Record' }).click()
    const search = page.getByRole('searchbox', { name: 'Search record' })
    await search.fill('quarter')
    expect(await page.getByRole('menuitemcheckbox').allTextContents()).toEqual(['Quarterly report'])
    expect(await violationsOf(page)).toEqual([])
    await search.press('ArrowDown')
    await search.press('Enter')
    await page.getByRole('button', { name: 'Record is Quarterly report' }).waitFor()
    expect(addressOf(page)).toBe(`#/changes?record=${wanted}`)
    expect(errors).toEqual([])
  })
})

describeConsole('the runtime', (open) => {
  it('says whose it is', async () => {
    const { page, node, client } = await open()
    const { nodeName } = await client.system.info({})
    await page.goto(`${node.url}/#/runtime`)
    await page.getByText(`This is the memory of ${nodeName} alone`).waitFor()
    await page.getByRole('link', { name: 'history', exact: true }).click()
    expect(addressOf(page)).toBe('#/history?state=Running')
  })
})
