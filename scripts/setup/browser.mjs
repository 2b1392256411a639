import { join } from 'node:path'
import { findExecutable, isExecutable } from './executables.mjs'

/** Tests of the console read the browser's path here; whoever sets it chooses the browser. */
export const BROWSER_VARIABLE = 'PSWEBHOST_TEST_BROWSER'

const COMMANDS = [
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  'microsoft-edge',
  'microsoft-edge-stable',
]

/** Where installers put a browser that they do not add to the search path. */
const PLACES = {
  darwin: () => [
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
    '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
  ],
  win32: () =>
    [process.env.PROGRAMFILES, process.env['PROGRAMFILES(X86)'], process.env.LOCALAPPDATA]
      .filter((folder) => folder !== undefined)
      .flatMap((folder) => [
        join(folder, 'Google', 'Chrome', 'Application', 'chrome.exe'),
        join(folder, 'Microsoft', 'Edge', 'Application', 'msedge.exe'),
      ]),
}

/** The path of a Chromium, Chrome or Edge on this machine, or undefined. */
export function findBrowser() {
  const chosen = process.env[BROWSER_VARIABLE]
  if (chosen) return isExecutable(chosen) ? chosen : undefined
  return findExecutable(COMMANDS) ?? PLACES[process.platform]?.().find(isExecutable)
}
