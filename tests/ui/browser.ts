/** The browser of these tests: set by the test script to the one it found. */
export const executablePath = process.env['PSWEBHOST_TEST_BROWSER'] ?? ''

export const BROWSER_ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
]
