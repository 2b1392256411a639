import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { createClient } from '../../src/shared/client/create-client.ts'
import { createHttpLink } from '../../src/shared/client/http-link.ts'
import { eventually } from '../support/eventually.ts'
import { describeDesktop, type Desktop } from './desktop.ts'

/** What fails is gathered for a while before it is told. */
const PATIENCE_MS = 30_000

/** A notification as the system was given it. */
interface Shown {
  title: string
  body: string
}

interface Taken {
  taken: Electron.Notification[]
  /** How often there was something to tell, whether or not anybody wants to be told. */
  news: number
}

/** Takes the notifications in place of the system, which this machine need not have. */
const takeNotifications = ({ app }: Desktop): Promise<void> =>
  app.evaluate(({ Notification }) => {
    const taken: Electron.Notification[] = []
    const state = { taken, news: 0 }
    Object.assign(globalThis, { notifications: state })
    Notification.isSupported = () => {
      state.news += 1
      return true
    }
    Notification.prototype.show = function (this: Electron.Notification) {
      taken.push(this)
    }
  })

const shownBy = ({ app }: Desktop): Promise<Shown[]> =>
  app.evaluate(() =>
    (globalThis as unknown as { notifications: Taken }).notifications.taken.map(({ title, body }) => ({
      title,
      body,
    })),
  )

const newsOf = ({ app }: Desktop): Promise<number> =>
  app.evaluate(() => (globalThis as unknown as { notifications: Taken }).notifications.news)

const clickNotification = ({ app }: Desktop): Promise<void> =>
  app.evaluate(() => {
    ;(globalThis as unknown as { notifications: Taken }).notifications.taken[0]?.emit('click')
  })

/** Turns the switch of the menu, as a click on it does. */
const turnSwitch = ({ app }: Desktop): Promise<boolean | undefined> =>
  app.evaluate(({ Menu }) => {
    const entries = Menu.getApplicationMenu()?.items[0]?.submenu?.items ?? []
    const entry = entries.find(({ label }) => label === 'Tell of failures')
    void entry?.click()
    return entry?.checked
  })

/** A task that fails, run to its end. */
const failing = async (desktop: Desktop) => {
  const token = await desktop.adminToken()
  const client = createClient(createHttpLink({ origin: await desktop.url(), token: () => token }))
  await writeFile(join(desktop.dir, 'scripts', 'bad.sh'), 'echo "no share" >&2\nexit 3\n')
  const fail = async (taskName: string): Promise<void> => {
    const { taskId } = await client.tasks.create({ taskName, scriptPath: 'bad.sh' })
    const { historyId } = await client.tasks.run({ taskId })
    await eventually(async () => (await client.history.get({ historyId })).state === 'Failed')
  }
  return { client, fail }
}

describeDesktop('a task that begins to fail', (open) => {
  it('is told by the system, and a click on that shows the failure', async () => {
    const desktop = await open()
    await desktop.page.getByText(/slots$/).waitFor()
    await takeNotifications(desktop)
    const { client, fail } = await failing(desktop)
    await fail('Backup')
    await eventually(async () => (await shownBy(desktop)).length > 0, PATIENCE_MS)
    expect(await shownBy(desktop)).toEqual([{ title: 'Backup failed', body: 'no share' }])
    const [failure] = (await client.failures.list({})).items
    await clickNotification(desktop)
    await eventually(() => desktop.page.url().endsWith(`#/failures/${failure?.failureId}`))
  })

  it('is told to nobody who switched that off, also after that', async () => {
    const desktop = await open()
    await desktop.page.getByText(/slots$/).waitFor()
    await takeNotifications(desktop)
    const { fail } = await failing(desktop)
    expect(await turnSwitch(desktop)).toBe(false)
    await fail('Backup')
    await eventually(async () => (await newsOf(desktop)) === 1, PATIENCE_MS)
    expect(await turnSwitch(desktop)).toBe(true)
    await fail('Export')
    await eventually(async () => (await shownBy(desktop)).length > 0, PATIENCE_MS)
    expect((await shownBy(desktop)).map(({ title }) => title)).toEqual(['Export failed'])
  })
})
