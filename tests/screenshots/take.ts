import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core'
import { openDatabaseScene } from './database.ts'
import { openDemo } from './demo.ts'
import { openFirstStart } from './first-start.ts'
import { nodesPictures, openNodesScene } from './nodes.ts'
import { takeNotification } from './notification.ts'
import { openStory, type Story } from './open-story.ts'
import { pictures } from './pictures.ts'
import { openSyncPicture, syncPictures } from './sync.ts'

/* `node take.ts BROWSER FOLDER [NAME…]`: one picture of each view, in both schemes and both sizes, into FOLDER. */

const [executablePath = '', folder = '', ...wanted] = process.argv.slice(2)
/** The runtime of the window; undefined where there is none, or nothing that draws notifications. */
const electron = process.env['PSWEBHOST_TEST_ELECTRON']

const SIZES = [
  { suffix: '', width: 1280, height: 800 },
  { suffix: '-1920', width: 1920, height: 1080 },
]

/** Each picture is taken in all of them. */
const LOOKS = (['light', 'dark'] as const).flatMap((scheme) =>
  SIZES.map(({ suffix, ...viewport }) => ({ scheme, viewport, look: `${scheme}${suffix}` })),
)

/** As people of the story have it. */
const openPage = (browser: Browser, options: BrowserContextOptions): Promise<Page> =>
  browser.newPage({ ...options, reducedMotion: 'reduce', timezoneId: 'Europe/Berlin', locale: 'en-GB' })

const takeAll = async (browser: Browser, story: Story): Promise<void> => {
  for (const { scheme, viewport, look } of LOOKS) {
    const page = await openPage(browser, { viewport, colorScheme: scheme })
    await page.goto(story.address)
    for (const { name, path, ready } of pictures) {
      if (wanted.length > 0 && !wanted.includes(name)) continue
      await page.goto(`${story.url}/#/${path(story)}`)
      await ready(page).catch(() => process.stderr.write(`${name}: what it waits for did not come\n`))
      await take(page, `${name}-${look}`)
    }
    await page.close()
  }
}

/** Charts and code come a moment later than their view. */
const take = async (page: Page, name: string): Promise<void> => {
  await page.waitForTimeout(700)
  const file = join(folder, `${name}.png`)
  await mkdir(dirname(file), { recursive: true })
  await writeFile(file, await page.screenshot())
}

const takeDatabase = async (browser: Browser): Promise<void> => {
  const scene = await openDatabaseScene(browser)
  try {
    for (const { scheme, viewport, look } of LOOKS) {
      const ends: (() => Promise<void>)[] = []
      const page = await scene.open(scheme, (close) => void ends.push(close))
      await page.setViewportSize(viewport)
      await take(page, `database-${look}`)
      for (const end of ends.reverse()) await end()
    }
  } finally {
    await scene.close()
  }
}

const takeSync = async (browser: Browser): Promise<void> => {
  for (const picture of syncPictures.filter(({ name }) => isWanted(name)))
    for (const { scheme, viewport, look } of LOOKS) {
      const ends: (() => Promise<void>)[] = []
      const page = await openSyncPicture(browser, picture, scheme, (close) => void ends.push(close))
      await page.setViewportSize(viewport)
      await take(page, `${picture.name}-${look}`)
      for (const end of ends.reverse()) await end()
    }
}

/** The nodes view has a cluster of its own, most of which is rows. */
const takeNodes = async (browser: Browser, folderOfData: string): Promise<void> => {
  const scene = await openNodesScene(folderOfData)
  try {
    for (const { scheme, viewport, look } of LOOKS) {
      const page = await openPage(browser, { viewport, colorScheme: scheme })
      await page.goto(scene.address)
      for (const { name, path, show } of scene.pictures) {
        if (!isWanted(name)) continue
        await scene.beat()
        await page.goto(`${scene.url}/#/${path}`)
        await page.getByRole('link', { name: 'file-01' }).waitFor()
        await show(page)
        await take(page, `${name}-${look}`)
        await page.keyboard.press('Escape')
      }
      await page.close()
    }
  } finally {
    await scene.close()
  }
}

/** `npm run demo`, some minutes after it began: its three nodes as lanes. */
const takeDemo = async (browser: Browser): Promise<void> => {
  const demo = await openDemo()
  try {
    for (const { scheme, viewport, look } of LOOKS) {
      const page = await openPage(browser, { viewport, colorScheme: scheme })
      await page.goto(demo.address)
      await page.goto(`${demo.url}/#/overview`)
      await page.getByText('south').first().waitFor({ timeout: 90_000 })
      await take(page, `demo-${look}`)
      await page.close()
    }
  } finally {
    await demo.close()
  }
}

const takeFirstStart = async (browser: Browser, home: string): Promise<void> => {
  const { address, start, close } = await openFirstStart(home)
  try {
    for (const { scheme, viewport, look } of LOOKS) {
      const page = await openPage(browser, { viewport, colorScheme: scheme })
      await page.goto(address)
      await page.goto(start)
      await page.getByText('First run').waitFor()
      await take(page, `first-start-${look}`)
      await page.close()
    }
  } finally {
    await close()
  }
}

const data = await mkdtemp(join(tmpdir(), 'pswebhost-pictures-'))
const browser = await chromium.launch({
  executablePath,
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update'],
})
const isWanted = (name: string): boolean => wanted.length === 0 || wanted.includes(name)

const takeStory = async (): Promise<void> => {
  const home = join(data, 'story')
  await mkdir(home)
  const story = await openStory(home)
  await takeAll(browser, story).finally(() => story.close())
}

try {
  if (pictures.some(({ name }) => isWanted(name))) await takeStory()
  if (isWanted('first-start')) await takeFirstStart(browser, join(data, 'first-start'))
  // What draws it has one look, the system's.
  if (isWanted('notification') && electron)
    await takeNotification(electron, join(data, 'notification'), join(folder, 'notification.png'))
  if (isWanted('demo')) await takeDemo(browser)
  if (isWanted('database')) await takeDatabase(browser)
  await takeSync(browser)
  if (nodesPictures.some(({ name }) => isWanted(name))) await takeNodes(browser, data)
} finally {
  await browser.close()
  await rm(data, { recursive: true, force: true })
}
