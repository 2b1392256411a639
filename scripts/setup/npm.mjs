import { basename } from 'node:path'

/**
 * The npm that runs us, on the Node that runs it; else the one on the path.
 * @returns {{ command: string, args: string[], shell: boolean }} what to start, and the arguments that come first
 */
export function npmCommand() {
  const cli = process.env.npm_execpath
  if (cli && basename(cli) === 'npm-cli.js') {
    return { command: process.env.npm_node_execpath ?? process.execPath, args: [cli], shell: false }
  }
  return { command: 'npm', args: [], shell: process.platform === 'win32' }
}
