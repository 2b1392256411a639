import { spawn } from 'node:child_process'

/**
 * Runs the program in our place: its streams, its signals, its exit code. Where the system can, it replaces
 * this process, so that no wrapper stands between npm (or a service manager) and the node.
 * @param {string} node the Node executable
 * @param {string[]} args script and its arguments
 * @param {string} cwd
 */
export function runProgram(node, args, cwd) {
  if (process.execve && process.platform !== 'win32') {
    process.chdir(cwd)
    process.execve(node, [node, ...args], process.env)
  }
  const child = spawn(node, args, { cwd, stdio: 'inherit' })
  passSignals(child)
  child.once('error', (error) => {
    process.stderr.write(`${node} could not be started: ${error.message}\n`)
    process.exit(1)
  })
  child.once('exit', leaveAs)
}

/** Passes each signal on once; the program's own patience decides what follows. */
function passSignals(child) {
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) {
    let passed = false
    process.on(signal, () => {
      // Ctrl-C reaches the whole terminal group, the program has it already.
      const hasItAlready = signal === 'SIGINT' && process.stdin.isTTY
      if (!passed && !hasItAlready) child.kill(signal)
      passed = true
    })
  }
}

/** Ends as the program ended, by the same signal if it was one: shells and npm tell them apart. */
function leaveAs(code, signal) {
  if (signal === null) process.exit(code ?? 1)
  process.removeAllListeners(signal)
  process.kill(process.pid, signal)
}
