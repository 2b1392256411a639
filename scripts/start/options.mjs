/** Options of the program that take a value: `import` in `--data import` is a folder, not a sub-command. */
const WITH_VALUE = new Set(['--data', '--config', '--host', '--port'])

/** True when these arguments ask for the app itself and leave the face open; the program reads the rest. */
export function mayHaveWindow(args) {
  const words = args.filter((arg, index) => !WITH_VALUE.has(arg) && !WITH_VALUE.has(args[index - 1]))
  const leavesOpen = (word) =>
    word === '--insecure' || [...WITH_VALUE].some((option) => word.startsWith(`${option}=`))
  return words.every(leavesOpen)
}

/** True where a window could be shown. */
export function hasDisplay(platform = process.platform, env = process.env) {
  if (platform === 'win32' || platform === 'darwin') return true
  return Boolean(env.DISPLAY || env.WAYLAND_DISPLAY)
}

/**
 * The folder that relative paths of the arguments mean: where npm was called, for npm itself changes to the
 * project's folder before it runs a script.
 */
export function callerFolder(root, cwd = process.cwd(), env = process.env) {
  const calledByNpm = env.npm_lifecycle_event === 'start' && cwd === root
  return calledByNpm && env.INIT_CWD ? env.INIT_CWD : cwd
}

/** Switches for the window's runtime: its sandbox refuses to be started by root. */
export function windowSwitches(platform = process.platform, uid = process.getuid?.()) {
  return platform === 'linux' && uid === 0 ? ['--no-sandbox'] : []
}
