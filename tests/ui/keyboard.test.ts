import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { describeConsole } from './console.ts'

/** Tab until the focus is where it should be; a person would look for it, too. */
const tabTo = async (page: Page, selector: string, most = 80): Promise<void> => {
  for (let i = 0; i < most; i += 1) {
    const there = await page.evaluate<boolean>(
      `document.activeElement?.matches(${JSON.stringify(selector)}) ?? false`,
    )
    if (there) return
    await page.keyboard.press('Tab')
  }
  throw new Error(`the keyboard does not get to ${selector}`)
}

describeConsole('going back', (open) => {
  it('finds a list where it was left, and the cursor in it', async () => {
    const { page, task, errors } = await open()
    for (let i = 10; i < 60; i += 1) await task({ taskName: `Task ${i}` })
    await page.getByRole('link', { name: 'Task 10' }).waitFor()
    for (let i = 0; i < 40; i += 1) await page.keyboard.press('j')
    const top = () => page.evaluate<number>(`document.querySelector('.vbody').scrollTop`)
    const cursor = () => page.locator('.vrow.cursor').textContent()
    await expect.poll(cursor).toContain('Task 50')
    const left = await top()
    expect(left).toBeGreaterThan(0)
    await page.keyboard.press('8')
    await page.getByRole('heading', { name: 'runtime' }).waitFor()
    await page.goBack()
    await expect.poll(cursor).toContain('Task 50')
    expect(await top()).toBe(left)
    await page.keyboard.press('k')
    await expect.poll(cursor).toContain('Task 49')
    // A page that is gone to anew starts at its top.
    await page.keyboard.press('8')
    await page.getByRole('heading', { name: 'runtime' }).waitFor()
    await page.keyboard.press('2')
    await expect.poll(cursor).toContain('Task 10')
    expect(errors).toEqual([])
  }, 90_000)
})

describeConsole('with the keyboard alone', (open) => {
  it('a task is written, run, looked at, changed, and the change taken back', async () => {
    const { page, script, client, errors } = await open()
    const { keyboard } = page
    await script('hello.sh', 'echo "hello $PSWEBHOST_TASK_NAME"\n')
    await page.getByText('Nothing is scheduled here yet').waitFor()

    // Write it.
    await keyboard.press('n')
    await page.getByRole('heading', { name: 'New task' }).waitFor()
    await tabTo(page, '#task-taskName')
    await keyboard.type('Greeting')
    await tabTo(page, '#task-scriptPath')
    await keyboard.type('hello.sh')
    await keyboard.press('Control+s')
    await page.getByRole('heading', { name: 'Greeting' }).waitFor()

    // Run it and look at the run.
    await tabTo(page, 'button[aria-label="Close"]')
    await keyboard.press('r')
    await page.getByRole('heading', { name: /Greeting success/ }).waitFor()
    await page.getByText('hello Greeting').waitFor()

    // Change it.
    await keyboard.press('Escape')
    await keyboard.press('2')
    await page.getByRole('link', { name: 'Greeting' }).waitFor()
    await keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Greeting' }).waitFor()
    await tabTo(page, '#task-description')
    await keyboard.type('says hello')
    await keyboard.press('Control+s')
    await expect.poll(async () => (await client.tasks.list({})).items[0]?.description).toBe('says hello')

    // Take it back.
    await tabTo(page, 'button[aria-label="Close"]')
    await keyboard.press('6')
    await page.getByRole('link', { name: /description changed/ }).waitFor()
    await keyboard.press('j')
    await page.getByRole('heading', { name: /changed description of Greeting/ }).waitFor()
    await keyboard.press('z')
    await page.getByText('nothing is written yet').waitFor()
    await keyboard.press('Control+Enter')
    await page.getByText('Took back the change of Greeting').waitFor()
    expect((await client.tasks.list({})).items[0]?.description).toBeNull()
    expect(errors).toEqual([])
  }, 60_000)
})
