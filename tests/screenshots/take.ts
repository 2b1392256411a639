import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core'
import { openDatabaseScene } from './database.ts'
import { openDemo } from './demo.ts'
import { nodesPictures, openNodesScene } from './nodes.ts'
import { openStory, type Story } from './open-story.ts'
import { openSyncPicture, syncPictures } from './sync.ts'

/* `node take.ts BROWSER FOLDER [NAME…]`: one picture of each view, in both schemes and both sizes, into FOLDER. */

const [executablePath = '', folder = '', ...wanted] = process.argv.slice(2)

interface Picture {
  name: string
  path: (story: Story) => string
  /** What has to stand before the picture is taken, and what a person did to get there. */
  ready: (page: Page) => Promise<unknown>
}

const text = (words: string | RegExp) => (page: Page) => page.getByText(words).first().waitFor()

/** A part of the editor, as somebody comes to it over the list of its parts. */
const section = (name: string, ready: Picture['ready']) => async (page: Page) => {
  await text('What saving does')(page)
  await page.getByRole('navigation', { name: 'Sections of the task' }).getByRole('button', { name }).click()
  await ready(page)
}

const pictures: Picture[] = [
  { name: 'overview', path: () => 'overview', ready: text('Export orders to SAP') },
  { name: 'tasks', path: () => 'tasks', ready: text('Export orders to SAP') },
  { name: 'editor', path: ({ broken }) => `tasks/${broken.taskId}`, ready: text('What saving does') },
  {
    name: 'editor-target',
    path: ({ broken }) => `tasks/${broken.taskId}`,
    ready: section('Target', text('other')),
  },
  {
    name: 'editor-where',
    path: ({ broken }) => `tasks/${broken.taskId}`,
    ready: section('Record', text('Where it runs')),
  },
  { name: 'settings-locks', path: () => 'settings/locks', ready: text('New lock group') },
  { name: 'import', path: () => 'import', ready: text('Samples') },
  { name: 'settings', path: () => 'settings/execution', ready: text('Script roots') },
  {
    name: 'charts',
    path: ({ broken }) => `history?task=${broken.taskId}&since=7d&charts=true`,
    ready: text('How long they took'),
  },
  { name: 'history', path: () => 'history', ready: text(/Check uplink/) },
  { name: 'run', path: ({ broken }) => `history/${broken.historyId}`, ready: text(/401 Unauthorized/) },
  { name: 'run-live', path: ({ live }) => `history/${live}`, ready: text(/of 400 files/) },
  {
    name: 'compare',
    path: ({ broken, before }) => `history/${broken.historyId}?compare=${before}`,
    ready: text(/beside this run/),
  },
  { name: 'changes', path: () => 'changes', ready: text(/m\.keller/) },
  { name: 'runtime', path: () => 'runtime', ready: text('Runspaces') },
  { name: 'change', path: ({ change }) => `changes/${change}`, ready: text(/m\.keller/) },
]

const SIZES = [
  { suffix: '', width: 1280, height: 800 },
  { suffix: '-1920', width: 1920, height: 1080 },
]

/** As people of the story have it. */
const openPage = (browser: Browser, options: BrowserContextOptions): Promise<Page> =>
  browser.newPage({ ...options, reducedMotion: 'reduce', timezoneId: 'Europe/Berlin', locale: 'en-GB' })

const takeAll = async (browser: Browser, story: Story): Promise<void> => {
  for (const scheme of ['light', 'dark'] as const)
    for (const { suffix, ...viewport } of SIZES) {
      const page = await openPage(browser, { viewport, colorScheme: scheme })
      await page.goto(story.address)
      for (const { name, path, ready } of pictures) {
        if (wanted.length > 0 && !wanted.includes(name)) continue
        await page.goto(`${story.url}/#/${path(story)}`)
        await ready(page).catch(() => process.stderr.write(`${name}: what it waits for did not come\n`))
        await take(page, `${name}-${scheme}${suffix}`)
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
    for (const scheme of ['light', 'dark'] as const)
      for (const { suffix, ...viewport } of SIZES) {
        const ends: (() => Promise<void>)[] = []
        const page = await scene.open(scheme, (close) => void ends.push(close))
        await page.setViewportSize(viewport)
        await take(page, `database-${scheme}${suffix}`)
        for (const end of ends.reverse()) await end()
      }
  } finally {
    await scene.close()
  }
}

const takeSync = async (browser: Browser): Promise<void> => {
  for (const picture of syncPictures.filter(({ name }) => isWanted(name)))
    for (const scheme of ['light', 'dark'] as const)
      for (const { suffix, ...viewport } of SIZES) {
        const ends: (() => Promise<void>)[] = []
        const page = await openSyncPicture(browser, picture, scheme, (close) => void ends.push(close))
        await page.setViewportSize(viewport)
        await take(page, `${picture.name}-${scheme}${suffix}`)
        for (const end of ends.reverse()) await end()
      }
}

/** The nodes view has a cluster of its own, most of which is rows. */
const takeNodes = async (browser: Browser, folderOfData: string): Promise<void> => {
  const scene = await openNodesScene(folderOfData)
  try {
    for (const scheme of ['light', 'dark'] as const)
      for (const { suffix, ...viewport } of SIZES) {
        const page = await openPage(browser, { viewport, colorScheme: scheme })
        await page.goto(scene.address)
        for (const { name, path, show } of scene.pictures) {
          if (!isWanted(name)) continue
          await scene.beat()
          await page.goto(`${scene.url}/#/${path}`)
          await page.getByRole('link', { name: 'file-01' }).waitFor()
          await show(page)
          await take(page, `${name}-${scheme}${suffix}`)
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
    for (const scheme of ['light', 'dark'] as const)
      for (const { suffix, ...viewport } of SIZES) {
        const page = await openPage(browser, { viewport, colorScheme: scheme })
        await page.goto(demo.address)
        await page.goto(`${demo.url}/#/overview`)
        await page.getByText('south').first().waitFor({ timeout: 90_000 })
        await take(page, `demo-${scheme}${suffix}`)
        await page.close()
      }
  } finally {
    await demo.close()
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
  if (isWanted('demo')) await takeDemo(browser)
  if (isWanted('database')) await takeDatabase(browser)
  await takeSync(browser)
  if (nodesPictures.some(({ name }) => isWanted(name))) await takeNodes(browser, data)
} finally {
  await browser.close()
  await rm(data, { recursive: true, force: true })
}
