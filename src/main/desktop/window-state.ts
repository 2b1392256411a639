import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { writeFileAtomic } from '../platform/write-file.ts'

/** What the window remembers between starts, in `window.json` of the data folder. */
const stateSchema = z.object({
  x: z.number().int().optional(),
  y: z.number().int().optional(),
  width: z.number().int().min(400).max(20_000),
  height: z.number().int().min(300).max(20_000),
  maximized: z.boolean(),
  /** The person has been told that closing the window leaves the node running. */
  toldOfTray: z.boolean(),
  /** The person is told of tasks that begin to fail. */
  tellsFailures: z.boolean().default(true),
})
export type WindowState = z.infer<typeof stateSchema>

export interface Area {
  x: number
  y: number
  width: number
  height: number
}

const FIRST: WindowState = {
  width: 1280,
  height: 800,
  maximized: false,
  toldOfTray: false,
  tellsFailures: true,
}

/** So much of the window must be on some screen, or nobody could take hold of it. */
const REACHABLE_PX = 80

const overlap = (a: number, aLength: number, b: number, bLength: number): number =>
  Math.min(a + aLength, b + bLength) - Math.max(a, b)

/** Where a window opens; without x and y the system finds the place. */
export type Bounds = { width: number; height: number } | Area

/** Leaves the place to the system when its screen is gone, and makes the window fit the largest screen there is. */
export const fitToScreens = (state: WindowState, screens: readonly Area[]): Bounds => {
  const width = Math.min(state.width, Math.max(...screens.map((screen) => screen.width)))
  const height = Math.min(state.height, Math.max(...screens.map((screen) => screen.height)))
  const { x, y } = state
  const reachable =
    x !== undefined &&
    y !== undefined &&
    screens.some(
      (screen) =>
        overlap(x, width, screen.x, screen.width) >= REACHABLE_PX &&
        overlap(y, height, screen.y, screen.height) >= REACHABLE_PX,
    )
  return reachable ? { x, y, width, height } : { width, height }
}

const BESIDE_PX = 28

/** One more window opens so that the one it comes from can still be seen. */
export const besides = ({ x, y, width, height }: Area): Area => ({
  ...{ x: x + BESIDE_PX, y: y + BESIDE_PX },
  ...{ width, height },
})

export interface StateFile {
  read(): WindowState
  /** Changes some of it; a file that cannot be written costs no more than a place of the window. */
  change(part: Partial<WindowState>): Promise<void>
}

/** @param onFailure told when the file cannot be written. */
export const createStateFile = (dataDir: string, onFailure: (error: unknown) => void): StateFile => {
  const file = join(dataDir, 'window.json')
  const load = (): WindowState => {
    try {
      return stateSchema.parse(JSON.parse(readFileSync(file, 'utf8')))
    } catch {
      // Not there yet, or not ours: the window opens where windows open.
      return FIRST
    }
  }
  let state: WindowState | null = null
  const read = (): WindowState => (state ??= load())
  return {
    read,
    change: async (part) => {
      state = { ...read(), ...part }
      await writeFileAtomic(file, `${JSON.stringify(state, null, 2)}\n`).catch(onFailure)
    },
  }
}
