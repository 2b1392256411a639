import { expect, it } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { violationsOf } from './axe.ts'
import { addressOf, describeConsole } from './console.ts'

const two = (n: number): string => String(n).padStart(2, '0')
const dateOf = (time: Date): string =>
  `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())}`
/** Days in Berlin are ours here, give or take an hour or two: noon is safe. */
const noonIn = (days: number): Date => {
  const noon = new Date()
  noon.setDate(noon.getDate() + days)
  noon.setHours(12, 0, 0, 0)
  return noon
}
const inAWeek = dateOf(noonIn(7))
/** Where the browser of these tests is, it may be tomorrow already. Sweden writes dates as ISO does. */
const todayInBerlin = (): string => new Date().toLocaleDateString('sv-SE', { timeZone: 'Europe/Berlin' })

describeConsole('calendar', (open) => {
  it('shows what comes by hours, what clashes and why, and keeps in its address what it shows', async () => {
    const { page, node, client, task, errors } = await open()
    await client.locks.create({ lockName: 'sap', maxConcurrent: 1, description: null })
    const limits = { locks: ['sap'] }
    await task({ taskName: 'Often', schedule: '*/5 * * * *' })
    const one = await task({ taskName: 'Orders', schedule: '30 2 * * *', timeZone: 'Europe/Berlin', limits })
    await task({ taskName: 'Invoices', schedule: '30 2 * * *', timeZone: 'Europe/Berlin', limits })
    await page.goto(`${node.url}/#/overview`)
    await page.getByText('Coming next').waitFor()
    await page.keyboard.press('4')
    const grid = page.getByRole('grid', { name: 'Week by hours' })
    await grid.waitFor()

    await page.goto(`${node.url}/#/calendar?week=${inAWeek}&at=${inAWeek}T02`)
    const rail = page.getByRole('complementary', { name: 'The hour' })
    await rail.getByText('3 tasks, 14 runs').waitFor()
    await rail.getByText('every 5 min, 12 runs').waitFor()
    await rail
      .getByText('2 runs of lock group sap are due at 02:30, which lets in 1 at once: 1 waits')
      .first()
      .waitFor()
    const cell = grid.getByRole('gridcell', {
      name: /02:00: 3 tasks, 14 runs to come; 2 tasks will clash/,
    })
    await cell.first().waitFor()
    // One that clashes, and how many there are besides.
    expect(await cell.first().locator('.week-name').innerText()).toMatch(/^\+2\s*Invoices$/)

    await page.keyboard.press('ArrowDown')
    await rail.getByText('1 task, 12 runs').waitFor()
    expect(addressOf(page)).toContain(`at=${inAWeek}T03`)
    await page.keyboard.press('ArrowUp')
    await page.keyboard.press('Enter')
    await page.getByRole('region', { name: '02:00' }).getByRole('link', { name: 'Orders' }).waitFor()
    expect(addressOf(page)).toContain(`day=${inAWeek}`)
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await page.waitForURL(/#\/tasks\//)
    await page.goBack()
    await page.getByRole('region', { name: '02:00' }).waitFor()

    await page.keyboard.press(']')
    await eventually(async () => addressOf(page).includes(dateOf(noonIn(8))))
    await page.keyboard.press('w')
    await grid.waitFor()
    await page.keyboard.press('t')
    await eventually(async () => addressOf(page).includes(`at=${todayInBerlin()}`))
    await page.goto(`${node.url}/#/calendar?day=${inAWeek}&task=${one}`)
    await page.getByText('1 run to come').waitFor()
    expect(await page.getByRole('link', { name: 'Often' }).count()).toBe(0)
    expect(errors).toEqual([])
  })

  it('names what a change of the clock does to which slots', async () => {
    const { page, node, task } = await open()
    await task({ taskName: 'Nightly', schedule: '30 2 * * *', timeZone: 'Europe/Berlin' })
    await task({ taskName: 'Often', schedule: '*/10 * * * *', timeZone: 'Europe/Berlin' })
    await page.goto(`${node.url}/#/calendar?day=2027-03-28`)
    const change = page.getByRole('region', { name: 'Change of the clock' })
    await change.getByText('Europe/Berlin: the clock goes forward from 02:00 to 03:00').waitFor()
    await change.getByText('its time does not exist that day: it runs at 03:00').waitFor()
    await change.getByText('6 slots do not exist that day').waitFor()
    await page.getByText('This hour does not exist.').waitFor()
    await page.goto(`${node.url}/#/calendar?week=2027-10-25&at=2027-10-31T02`)
    const rail = page.getByRole('complementary', { name: 'The hour' })
    await rail.getByText('1 slot comes twice by the clock: it runs the first time only').waitFor()
    await rail.getByText('6 slots come twice: it runs both times').waitFor()
    await rail.getByText('2 tasks, 13 runs').waitFor()
    const heads = page.getByRole('columnheader')
    await heads.filter({ hasText: /^Sun.*clock: .*the clock goes back from 03:00 to 02:00/ }).waitFor()
    expect(await heads.filter({ hasText: 'clock' }).count()).toBe(1)
    await page.goto(`${node.url}/#/calendar?week=2027-03-22`)
    await heads.filter({ hasText: /^Sun.*clock: .*the clock goes forward from 02:00 to 03:00/ }).waitFor()
    await page.getByRole('gridcell', { name: /^Sun.* 02:00: does not exist$/ }).waitFor()
  })

  it('keeps its grid and its keys while the next week is read', async () => {
    const { page, node } = await open()
    await page.goto(`${node.url}/#/calendar?week=2027-01-04&at=2027-01-10T08`)
    const grid = page.getByRole('grid', { name: 'Week by hours' })
    await page.getByRole('complementary', { name: 'The hour' }).getByText('Nothing falls due.').waitFor()
    let answer = (): void => {}
    const released = new Promise<void>((resolve) => (answer = resolve))
    await page.route('**/rpc/schedules/calendar*', async (route) => {
      await released
      await route.continue()
    })
    await grid.focus()
    await page.keyboard.press('ArrowRight')
    await grid.getByRole('gridcell', { name: /^Mon 11.* 08:00: being read$/, selected: true }).waitFor()
    await page.keyboard.press('ArrowDown')
    expect(addressOf(page)).toContain('week=2027-01-11&at=2027-01-11T09')
    answer()
    await grid.getByRole('gridcell', { name: /^Mon 11.* 09:00: nothing$/, selected: true }).waitFor()
    await grid.and(page.locator(':focus')).waitFor()
  })

  it('goes on at midnight where its address names no week, and scrolls to no other hour by itself', async () => {
    const { page, node } = await open()
    await page.setViewportSize({ width: 1280, height: 400 })
    await page.clock.install({ time: '2027-02-07T21:59:50+01:00' })
    await page.reload()
    await page.goto(`${node.url}/#/calendar?day=2027-02-07`)
    await page.getByRole('region', { name: '21:00' }).getByText('now').waitFor()
    const top = () => page.locator('.day').evaluate((list: { scrollTop: number }) => list.scrollTop)
    expect(await top()).toBeGreaterThan(0)
    await page.getByRole('region', { name: '00:00' }).scrollIntoViewIfNeeded()
    await page.clock.fastForward('01:01:00')
    await page.getByRole('region', { name: '23:00' }).getByText('now').waitFor()
    expect(await top()).toBe(0)

    await page.goto(`${node.url}/#/calendar`)
    const first = page.getByRole('columnheader').nth(1)
    await first.getByText('Mon 1').waitFor()
    await page.clock.fastForward('01:00:00')
    await first.getByText('Mon 8').waitFor()
  })

  it.each(['light', 'dark'] as const)(
    'shows what was dimly, and has nothing wrong in the %s scheme',
    async (scheme) => {
      const { page, node, client, script, task } = await open({ scheme })
      await script('bad.sh', 'exit 3\n')
      await task({ taskName: 'Often', schedule: '*/5 * * * *' })
      const taskId = await task({ taskName: 'Broken', scriptPath: 'bad.sh' })
      const { historyId } = await client.tasks.run({ taskId })
      await eventually(async () => (await client.history.get({ historyId })).endTime !== null)
      await page.goto(`${node.url}/#/calendar`)
      const rail = page.getByRole('complementary', { name: 'The hour' })
      await rail.getByText(/ended badly/).waitFor()
      expect(await rail.getByRole('link', { name: 'Broken' }).getAttribute('href')).toContain(historyId)
      expect(await violationsOf(page)).toEqual([])
      await page.goto(`${node.url}/#/calendar?day=${inAWeek}`)
      await page.getByText('every 5 min, 12 runs').first().waitFor()
      expect(await violationsOf(page)).toEqual([])
    },
  )
})
