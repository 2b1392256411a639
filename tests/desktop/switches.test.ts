import { describe, expect, it } from 'vitest'
import { createSwitches } from '../../src/main/desktop/switches.ts'
import { createDesktopService } from '../../src/main/services/desktop-switches.ts'
import { describeDesktop, type Desktop } from './desktop.ts'

const stateOf = () => {
  let tellsFailures = true
  return {
    read: () => ({ tellsFailures }) as never,
    change: async (part: { tellsFailures?: boolean }) =>
      void (tellsFailures = part.tellsFailures ?? tellsFailures),
  }
}

describe('what the desktop program may be told', () => {
  it('is listed as it stands, and changed; whoever shows it is told', async () => {
    let isOn = false
    let told = 0
    const switches = createSwitches({
      state: stateOf(),
      login: { isOn: () => isOn, set: (on) => void (isOn = on) },
    })
    switches.follow(() => (told += 1))
    const service = createDesktopService(switches)
    expect(await service.list()).toEqual([
      { name: 'tellOfFailures', isOn: true },
      { name: 'startAtLogin', isOn: false },
    ])
    await service.change('startAtLogin', true)
    expect(await service.change('tellOfFailures', false)).toEqual([
      { name: 'tellOfFailures', isOn: false },
      { name: 'startAtLogin', isOn: true },
    ])
    expect(told).toBe(2)
  })

  it('is refused with the reason of the system', async () => {
    const set = (): void => {
      throw new Error('EACCES: permission denied')
    }
    const service = createDesktopService(
      createSwitches({ state: stateOf(), login: { isOn: () => false, set } }),
    )
    await expect(service.change('startAtLogin', true)).rejects.toThrow(
      '“Start at login” stays as it was: EACCES: permission denied',
    )
  })

  it('is nothing where it means nothing: in a checkout, and on a node without a desktop', async () => {
    const checkout = createDesktopService(createSwitches({ state: stateOf(), login: null }))
    expect((await checkout.list()).map(({ name }) => name)).toEqual(['tellOfFailures'])
    await expect(checkout.change('startAtLogin', true)).rejects.toThrow(
      'only an installed desktop program has it',
    )
    expect(await createDesktopService(null).list()).toEqual([])
  })
})

/** Whether the entry of the menu is ticked. */
const isTicked = ({ app }: Desktop, label: string): Promise<boolean | undefined> =>
  app.evaluate(({ Menu }, wanted) => {
    const entries = Menu.getApplicationMenu()?.items[0]?.submenu?.items ?? []
    return entries.find((entry) => entry.label === wanted)?.checked
  }, label)

describeDesktop('the switches of the desktop', (open) => {
  it('are the same in the menu, the palette and the settings', async () => {
    const desktop = await open()
    const { page } = desktop
    await page.getByText(/slots$/).waitFor()
    expect(await isTicked(desktop, 'Tell of failures')).toBe(true)
    await page.keyboard.press('Control+k')
    await page.getByRole('combobox', { name: 'Go to or do anything' }).fill('>tell of failures')
    await page.getByRole('option', { name: /Tell of failures: turn off/ }).waitFor()
    await page.keyboard.press('Enter')
    await expect.poll(() => isTicked(desktop, 'Tell of failures')).toBe(false)

    await page.evaluate(`location.hash = '#/settings/appearance'`)
    const shown = page.getByLabel('Tell of failures', { exact: true })
    await shown.and(page.locator(':not(:checked)')).waitFor()
    await shown.focus()
    await page.keyboard.press('Space')
    await expect.poll(() => isTicked(desktop, 'Tell of failures')).toBe(true)
    expect(await desktop.quit()).toBe(0)
  })
})
