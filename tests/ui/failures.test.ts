import { expect, it } from 'vitest'
import { failureRecord } from '../support/memory-failures.ts'
import { violationsOf } from './axe.ts'
import { addressOf } from './console.ts'
import { describeWindow, type OpenWindow } from './window.ts'

const openFailures = async (open: OpenWindow) => {
  const window = await open()
  window.node.failing.failures = [
    failureRecord('0190dddd-0000-7000-8000-000000000001', {
      ...{
        taskName: 'Export orders to SAP',
        failureCount: 6,
        lastError: 'exit 3: permission denied for /in',
      },
    }),
    failureRecord('0190dddd-0000-7000-8000-000000000002', {
      taskName: 'Mirror file shares',
      lastState: 'Lost',
    }),
    failureRecord('0190dddd-0000-7000-8000-000000000003', {
      ...{ taskName: 'Rebuild search index', lastState: 'Timeout', recoveredAt: '2026-11-24T13:05:00.000Z' },
    }),
  ]
  window.node.emit({ type: 'failure.changed', at: '2026-11-24T14:00:00.000Z' })
  await window.go('failures')
  return window
}

describeWindow('the inbox of failures', (open) => {
  it('is acknowledged with a note by keys alone, and that can be taken back', async () => {
    const { page, node, errors } = await openFailures(open)
    await page.getByRole('link', { name: 'Export orders to SAP' }).waitFor()
    await page.getByText('×6 since').waitFor()
    await page.getByRole('link', { name: 'Failures 3' }).waitFor()
    await page.keyboard.press('j')
    await page.locator('[data-row-link][tabindex="0"]', { hasText: 'Mirror file shares' }).waitFor()
    await page.keyboard.press('a')
    await page.getByRole('dialog', { name: 'Acknowledge Mirror file shares' }).waitFor()
    await page.keyboard.type('edge-fra-01 is rebuilt until noon')
    await page.keyboard.press('Control+Enter')
    await page.getByText('Acknowledged Mirror file shares').waitFor()
    expect(node.failing.failures[1]).toMatchObject({ note: 'edge-fra-01 is rebuilt until noon' })
    await expect.poll(() => page.getByRole('link', { name: 'Mirror file shares' }).count()).toBe(0)
    await page.getByRole('button', { name: 'Undo', exact: true }).click()
    await page.getByRole('link', { name: 'Mirror file shares' }).waitFor()
    expect(errors).toEqual([])
  })

  it('is acknowledged many at once', async () => {
    const { page, node } = await openFailures(open)
    await page.getByRole('link', { name: 'Export orders to SAP' }).waitFor()
    await page.keyboard.press('Control+a')
    await page.getByRole('toolbar', { name: 'Chosen failures' }).getByText('3 failures chosen').waitFor()
    await page.keyboard.press('a')
    await page.getByRole('dialog', { name: 'Acknowledge 3 failures' }).waitFor()
    await page.keyboard.press('Control+Enter')
    await page.getByText('Nothing waits to be acknowledged').waitFor()
    expect(node.failing.failures.every(({ acknowledgedAt }) => acknowledgedAt !== null)).toBe(true)
  })

  it('under the cursor is what keys mean once those that were chosen have left the list', async () => {
    const { page, node } = await openFailures(open)
    await page.getByRole('link', { name: 'Export orders to SAP' }).waitFor()
    await page.keyboard.press('j')
    await page.locator('[data-row-link][tabindex="0"]', { hasText: 'Mirror file shares' }).waitFor()
    await page.keyboard.press('x')
    await page.getByText('1 failure chosen').waitFor()
    Object.assign(node.failing.failures[1] ?? {}, { acknowledgedAt: '2026-11-24T14:01:00.000Z' })
    node.emit({ type: 'failure.changed', at: '2026-11-24T14:01:00.000Z' })
    await expect.poll(() => page.getByRole('link', { name: 'Mirror file shares' }).count()).toBe(0)
    await page.keyboard.press('k')
    await page.locator('[data-row-link][tabindex="0"]', { hasText: 'Export orders to SAP' }).waitFor()
    await page.keyboard.press('a')
    await page.getByRole('dialog', { name: 'Acknowledge Export orders to SAP' }).waitFor()
  })

  it('is opened again as far as that goes, and says how far', async () => {
    const { page, node, go } = await openFailures(open)
    const { failures } = node.failing
    for (const one of failures) Object.assign(one, { acknowledgedAt: '2026-11-24T14:01:00.000Z' })
    await go('failures?show=acknowledged')
    await page.getByRole('link', { name: 'Export orders to SAP' }).waitFor()
    await page.keyboard.press('Control+a')
    await page.getByText('3 failures chosen').waitFor()
    const { reopen } = node.services.failures
    Object.assign(node.services.failures, {
      reopen: (...asked: Parameters<typeof reopen>) => {
        // Somebody deletes the task of the second meanwhile.
        if (failures[1]?.taskName === 'Mirror file shares') failures.splice(1, 1)
        return reopen(...asked)
      },
    })
    await page.getByRole('button', { name: 'Open again' }).click()
    await page.getByText(/^1 of 3 failures are open again, the others stay acknowledged: /).waitFor()
    await expect.poll(() => page.getByRole('link', { name: 'Export orders to SAP' }).count()).toBe(0)
    await page.getByRole('link', { name: 'Rebuild search index' }).waitFor()
  })

  it('is reached by keys alone', async () => {
    const { page, go } = await openFailures(open)
    await go('tasks')
    await page.getByRole('search').waitFor()
    await page.keyboard.press('0')
    await page.getByRole('link', { name: 'Export orders to SAP' }).waitFor()
    await expect.poll(() => addressOf(page)).toBe('#/failures')
    await go('tasks')
    await page.keyboard.press('Control+k')
    await page.keyboard.type('failures')
    await page
      .getByRole('option', { name: /^Failures/ })
      .first()
      .waitFor()
    await page.keyboard.press('Enter')
    await page.getByRole('link', { name: 'Export orders to SAP' }).waitFor()
  })

  it('shows one that the list has not, and keeps it open when it is acknowledged', async () => {
    const { page, node, go } = await openFailures(open)
    const [first] = node.failing.failures
    const panel = page.getByRole('complementary', { name: 'Failure of Export orders to SAP' })
    await go(`failures/${first?.failureId}?show=acknowledged`)
    await panel.getByText('Failed 6 times').waitFor()
    await page.keyboard.press('a')
    await page.getByRole('dialog', { name: 'Acknowledge Export orders to SAP' }).waitFor()
    await page.keyboard.type('SAP is told')
    await page.keyboard.press('Control+Enter')
    await panel.getByText('SAP is told').waitFor()
    // A note that is changed and taken back is the one before, not none.
    await panel.getByRole('button', { name: /^Change the note/ }).click()
    await page.getByRole('textbox', { name: 'Note' }).fill('SAP is down')
    await page.keyboard.press('Control+Enter')
    await panel.getByText('SAP is down').waitFor()
    await page
      .getByRole('alert')
      .filter({ hasText: 'Changed the note' })
      .getByRole('button', { name: 'Undo', exact: true })
      .click()
    await panel.getByText('SAP is told').waitFor()
    expect(first).toMatchObject({ note: 'SAP is told' })
    await go(`failures/${first?.failureId}?show=open`)
    await panel.getByRole('button', { name: 'Open again' }).click()
    await panel.getByRole('button', { name: /^Acknowledge…/ }).waitFor()
    expect(first).toMatchObject({ acknowledgedAt: null })
    await go('failures/0190dddd-0000-7000-8000-00000000ffff')
    await page.getByText('The failure could not be read').waitFor()
  })

  it('that is open is the one that keys mean, whatever rows are chosen', async () => {
    const { page, node } = await openFailures(open)
    await page.getByRole('link', { name: 'Export orders to SAP' }).waitFor()
    await page.keyboard.press('Control+a')
    await page.getByText('3 failures chosen').waitFor()
    await page.getByRole('link', { name: 'Mirror file shares' }).click()
    await page.getByRole('complementary', { name: 'Failure of Mirror file shares' }).waitFor()
    await page.keyboard.press('a')
    await page.getByRole('dialog', { name: 'Acknowledge Mirror file shares' }).waitFor()
    await page.keyboard.press('Control+Enter')
    await page.getByText('Acknowledged Mirror file shares').waitFor()
    expect(node.failing.failures.map(({ acknowledgedAt }) => acknowledgedAt !== null)).toEqual([
      ...[false, true, false],
    ])
    await page.keyboard.press('Escape')
    await page.getByText('2 failures chosen').waitFor()
  })

  it('tells one failure in full, and leads to its log', async () => {
    const { page } = await openFailures(open)
    await page.getByRole('link', { name: 'Export orders to SAP' }).waitFor()
    await page.keyboard.press('Enter')
    const panel = page.getByRole('complementary', { name: 'Failure of Export orders to SAP' })
    await panel.getByText('Failed 6 times').waitFor()
    await panel.getByText('It has not succeeded since.').waitFor()
    expect(await violationsOf(page)).toEqual([])
    await page.keyboard.press('l')
    await expect.poll(() => addressOf(page)).toBe('#/history/run-1')
  })
})
