import { dialog, shell, type BrowserWindow } from 'electron'

/* What the desktop asks or tells in a box of the system: only what cannot be said in the window. */

/** Why the node did not start, with the way to the file that most often is the reason. */
export const tellStartFailure = async (message: string, configFile: string): Promise<void> => {
  const { response } = await dialog.showMessageBox({
    type: 'error',
    title: 'PSWebHost Cluster',
    message: 'The node could not start',
    detail: `${message}\n\nThe log is in the data folder.`,
    buttons: ['Quit', 'Open its configuration'],
    defaultId: 0,
    cancelId: 0,
  })
  if (response === 1) await shell.openPath(configFile)
}

/** A link that is none of ours was followed: nothing is opened for it. */
export const tellLinkRefused = async (problem: string): Promise<void> => {
  await dialog.showMessageBox({
    type: 'warning',
    title: 'PSWebHost Cluster',
    message: 'The link was not opened',
    detail: problem,
    buttons: ['Close'],
  })
}

/** What the program may be told, by its label, could not be changed. */
export const tellSwitchKept = async (label: string, problem: string): Promise<void> => {
  await dialog.showMessageBox({
    type: 'warning',
    title: 'PSWebHost Cluster',
    message: `${label} stays as it was`,
    detail: problem,
    buttons: ['Close'],
  })
}

/** Said once, when the window is closed for the first time. @returns whether the node is to go on. */
export const askKeepRunning = async (window: BrowserWindow): Promise<boolean> => {
  const { response } = await dialog.showMessageBox(window, {
    type: 'info',
    title: 'PSWebHost Cluster',
    message: 'The node keeps running without its window',
    detail:
      'Tasks go on as planned. The icon beside the clock opens the window again, and so does starting the ' +
      'program once more. Quit ends the node.',
    buttons: ['Keep running', 'Quit'],
    defaultId: 0,
    cancelId: 0,
  })
  return response === 0
}

/** Before quitting while scripts run. @returns whether to quit. */
export const askQuit = async (running: number): Promise<boolean> => {
  const scripts = running === 1 ? 'One script is running' : `${running} scripts are running`
  const { response } = await dialog.showMessageBox({
    type: 'question',
    title: 'PSWebHost Cluster',
    message: scripts,
    detail:
      'If you quit, each has the grace of execution.shutdownGraceSeconds to end and is then stopped. Nothing ' +
      'starts on this node until the program runs again.',
    buttons: ['Keep running', 'Quit'],
    defaultId: 0,
    cancelId: 0,
  })
  return response === 1
}

/** Before edits are lost that the page holds. @returns whether to let them go. */
export const askLetGo = async (window: BrowserWindow): Promise<boolean> => {
  const { response } = await dialog.showMessageBox(window, {
    type: 'question',
    title: 'PSWebHost Cluster',
    message: 'There are unsaved changes',
    detail: 'What was typed and not saved would be lost.',
    buttons: ['Stay', 'Leave without saving'],
    defaultId: 0,
    cancelId: 0,
  })
  return response === 1
}
