import { expect, it } from 'vitest'
import { LIMIT_HELP, SCHEDULE_HELP, TASK_HELP } from '../../src/shared/domain/task-help.ts'
import { violationsOf } from './axe.ts'
import { describeConsole } from './console.ts'

/** What a screen reader adds to each control of the form, by its id or name; null where that is nothing. */
const DESCRIPTIONS = `[...document.querySelectorAll('.ed-acts input, .ed-form :is(input, textarea, [role=radiogroup], .section-head button)')]
  .filter((control) => control.type !== 'hidden' && control.type !== 'radio')
  .map((control) => {
    const ids = (control.getAttribute('aria-describedby') ?? '').split(' ').filter(Boolean)
    const text = ids.map((id) => document.getElementById(id)?.textContent ?? '').join(' ')
    return [control.getAttribute('aria-label') || control.id || control.textContent, text]
  })`

describeConsole('the help of the task editor', (open) => {
  const kinds = ['Cron', 'Interval', 'Once', 'Dates']

  it('stands at every field, with the text of the API’s description', async () => {
    const { page, node, errors } = await open()
    await page.goto(`${node.url}/#/tasks/new`)
    await page.getByText('Group or role', { exact: true }).click()
    const found = new Map<string, string>()
    const look = async (): Promise<void> => {
      for (const [name, text] of await page.evaluate<[string, string][]>(DESCRIPTIONS)) found.set(name, text)
    }
    for (const kind of kinds) {
      await page.getByText(kind, { exact: true }).click()
      await look()
    }
    await page.getByText('One node', { exact: true }).click()
    await look()
    const unexplained = [...found].filter(([, text]) => text.trim() === '').map(([name]) => name)
    expect(unexplained).toEqual([])
    const told = [...found.values()].join('\n')
    // Limits are a field of the API, and several in the form, each with a text of its own.
    const { limits: _, ...ofTask } = TASK_HELP
    for (const text of Object.values({ ...ofTask, ...LIMIT_HELP, ...SCHEDULE_HELP }))
      expect(told).toContain(text)
    expect(errors).toEqual([])
  })

  it('says the error and the help of a field', async () => {
    const { page, node } = await open()
    await page.goto(`${node.url}/#/tasks/new`)
    await page.locator('#task-timeout').fill('0')
    await page.locator('#task-timeout-error').waitFor()
    expect(await page.locator('#task-timeout').getAttribute('aria-describedby')).toBe(
      'task-timeout-error task-timeout-help',
    )
  })

  it.each(['light', 'dark'] as const)('can be hidden, and stays so, in %s', async (scheme) => {
    const { page, node } = await open({ scheme })
    await page.goto(`${node.url}/#/tasks/new`)
    await page.locator('#task-timeout-help').waitFor()
    const shot = process.env['PSWEBHOST_TEST_SHOTS']
    if (shot) await page.screenshot({ path: `${shot}/help-${scheme}.png` })
    expect(await violationsOf(page)).toEqual([])
    await page.getByRole('button', { name: 'Hide help' }).focus()
    await page.keyboard.press('Enter')
    await page.locator('#task-timeout-help').waitFor({ state: 'hidden' })
    await page.reload()
    await page.getByRole('button', { name: 'Show help' }).waitFor()
    expect(await page.locator('#task-timeout').getAttribute('aria-describedby')).toBe('task-timeout-help')
    expect(await violationsOf(page)).toEqual([])
  })
})
