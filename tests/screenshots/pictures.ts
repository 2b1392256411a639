import type { Page } from 'playwright-core'
import type { Story } from './open-story.ts'

/** A view of the story's node. */
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

export const pictures: readonly Picture[] = [
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
  { name: 'calendar', path: () => 'calendar', ready: text(/to come/) },
  {
    name: 'calendar-day',
    path: () => `calendar?day=${new Date(Date.now() + 86_400_000).toISOString().slice(0, 10)}`,
    ready: text(/Comes|run|of/),
  },
  {
    name: 'failures',
    path: () => 'failures',
    ready: async (page) => {
      await text('Export orders to SAP')(page)
      await page.getByRole('link', { name: 'Export orders to SAP' }).first().click()
      await text('It has not succeeded since')(page)
    },
  },
  {
    name: 'palette',
    path: () => 'tasks',
    ready: async (page) => {
      await text('Export orders to SAP')(page)
      await page.keyboard.press('Control+k')
      await page.keyboard.type('sap')
      await page.getByRole('option').first().waitFor()
    },
  },
  {
    name: 'keys',
    path: () => 'failures',
    ready: async (page) => {
      // The palette of the picture before.
      await page.keyboard.press('Escape')
      await page.getByRole('dialog').waitFor({ state: 'hidden' })
      await page.waitForTimeout(300)
      await page.keyboard.press('?')
      await text('Everywhere')(page)
    },
  },
  { name: 'webhooks', path: () => 'settings/webhooks', ready: text('New webhook') },
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
