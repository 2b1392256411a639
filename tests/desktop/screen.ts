import { afterAll, beforeAll } from 'vitest'
import { openScreen, type Screen } from '../support/screen.ts'

/** A screen of its own for a suite's windows. @returns what is to be added to a program's environment */
export const useScreen = (): (() => Record<string, string>) => {
  let screen: Screen | undefined
  beforeAll(async () => {
    screen = await openScreen()
  })
  afterAll(() => screen?.close())
  return () => screen?.env ?? {}
}
