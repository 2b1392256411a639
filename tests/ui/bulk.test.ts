import { expect, it } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { describeConsole } from './console.ts'

describeConsole('many tasks', (open) => {
  const withTasks = async () => {
    const console = await open()
    for (const name of ['Alpha', 'Beta', 'Gamma', 'Delta'])
      await console.task({ taskName: name, appName: name < 'C' ? 'first' : 'second', tags: ['all'] })
    const { page, client } = console
    await page.goto(`${console.node.url}/#/tasks?sort=name`)
    await page.getByRole('link', { name: 'Gamma' }).waitFor()
    const tasks = async () =>
      (await client.tasks.list({})).items.map(({ taskName, enabled, tags }) => ({ taskName, enabled, tags }))
    return { ...console, tasks }
  }

  it('are chosen by keys, disabled together, and enabled again by undo', async () => {
    const { page, tasks, errors } = await withTasks()
    await page.getByRole('link', { name: 'Alpha' }).focus()
    await page.keyboard.press('x')
    await page.keyboard.press('j')
    await page.keyboard.press('j')
    await page.keyboard.press('Shift+X')
    await page.getByText('3 tasks chosen').waitFor()
    await page.keyboard.press('e')
    await page.getByText('Disabled 3 tasks').waitFor()
    expect((await tasks()).filter(({ enabled }) => !enabled).map(({ taskName }) => taskName)).toEqual([
      'Alpha',
      'Beta',
      'Delta',
    ])
    await page.getByRole('button', { name: 'Undo' }).click()
    await eventually(async () => (await tasks()).every(({ enabled }) => enabled))
    expect(errors).toEqual([])
  })

  it('wait while one of them, or another, is open: the keys mean that one', async () => {
    const { page, client } = await withTasks()
    await page.keyboard.press('Control+a')
    await page.getByText('4 tasks chosen').waitFor()
    await page.getByRole('link', { name: 'Beta' }).click()
    await page.getByRole('heading', { name: 'Beta' }).waitFor()
    expect(await page.getByText('4 tasks chosen').count()).toBe(0)
    await page.keyboard.press('r')
    await page.getByRole('heading', { name: /Beta success/ }).waitFor()
    const ran = (await client.history.list({})).items.map(({ taskName }) => taskName)
    expect(ran).toEqual(['Beta'])
  })

  it('get and lose tags together', async () => {
    const { page, tasks } = await withTasks()
    await page.keyboard.press('Control+a')
    await page.getByText('4 tasks chosen').waitFor()
    await page.getByRole('button', { name: 'Tag…' }).click()
    const input = page.getByRole('combobox', { name: 'Tags of all chosen tasks' })
    await input.fill('nightly')
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: /^Tag 4 tasks/ }).click()
    await page.getByText('Tagged 4 tasks').waitFor()
    expect((await tasks()).every(({ tags }) => tags.join() === 'all,nightly')).toBe(true)
  })

  it('are deleted together and come back', async () => {
    const { page, tasks } = await withTasks()
    await page.getByRole('checkbox', { name: 'Choose all rows shown' }).check()
    await page.getByRole('button', { name: 'Delete' }).click()
    await page.getByText('Deleted 4 tasks').waitFor()
    expect(await tasks()).toEqual([])
    await page.getByRole('button', { name: 'Undo' }).click()
    await eventually(async () => (await tasks()).length === 4)
  })

  it('run together; one that is refused stops none of the others and is named', async () => {
    const { page, client, script, task } = await withTasks()
    await script('slow.sh', 'sleep 20')
    const slow = await task({ taskName: 'Epsilon', scriptPath: 'slow.sh' })
    await client.tasks.run({ taskId: slow })
    await page.getByRole('link', { name: 'Epsilon' }).waitFor()
    await page.keyboard.press('Control+a')
    await page.getByText('5 tasks chosen').waitFor()
    await page.keyboard.press('r')
    await page.getByText('Started 4 tasks').waitFor()
    await page
      .getByRole('alert')
      .getByText(/1 task refused; Epsilon: .*still/)
      .waitFor()
  })

  it('are narrowed by app and sorted by a click on a head, in the address', async () => {
    const { page } = await withTasks()
    await page.getByRole('button', { name: 'App', exact: true }).click()
    await page.getByRole('menuitemcheckbox', { name: 'second' }).click()
    await page.keyboard.press('Escape')
    await page.getByRole('link', { name: 'Alpha' }).waitFor({ state: 'detached' })
    expect(page.url()).toContain('app=second')
    await page.getByRole('columnheader', { name: 'Next run' }).getByRole('button').click()
    expect(page.url()).toContain('sort=nextRun')
    expect(await page.getByRole('columnheader', { name: 'Next run' }).getAttribute('aria-sort')).toBe(
      'ascending',
    )
  })
})
