import { spawn, type ChildProcess } from 'node:child_process'
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'

const ROOT = join(import.meta.dirname, '..', '..')

export interface Ended {
  code: number | null
  signal: NodeJS.Signals | null
  stdout: string
  stderr: string
}

export interface Started {
  process: ChildProcess
  /** Resolves once stdout and stderr together contain the text; rejects when the process ends before. */
  says(text: string): Promise<void>
  ended: Promise<Ended>
}

export interface StartOptions {
  env?: NodeJS.ProcessEnv
  cwd?: string
}

export interface Project {
  folder: string
  write(file: string, text: string): void
  read(file: string): string
  has(file: string): boolean
  /** How often the stand-in `npm` or `electron-vite` was started. */
  timesRun(tool: 'npm' | 'build'): number
  /** Starts a Node script of the project. */
  start(args: string[], options?: StartOptions): Started
  startCommand(command: string, args: string[], options?: StartOptions): Started
  run(args: string[], options?: StartOptions): Promise<Ended>
}

/**
 * A stand-in npm: notes that it ran, empties node_modules as the real one does, waits as long as
 * `npm-waits` exists, fails if `npm-fails` exists.
 */
const NPM = `
import { appendFileSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
appendFileSync('npm-ran', process.argv.slice(2).join(' ') + '\\n')
rmSync('node_modules/package', { recursive: true, force: true })
console.log('npm at work')
while (existsSync('npm-waits')) await new Promise((resolve) => setTimeout(resolve, 20))
if (existsSync('npm-fails')) process.exit(7)
mkdirSync('node_modules/package', { recursive: true })
writeFileSync('node_modules/package/index.js', '')
`

/** A stand-in build: notes that it ran, fails if \`build-fails\` exists, else writes a program that tells what it got. */
const BUILD = `
import { appendFileSync, copyFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs'
appendFileSync('build-ran', process.argv.slice(2).join(' ') + '\\n')
console.log('build at work')
if (existsSync('build-fails')) process.exit(5)
mkdirSync('out/main', { recursive: true })
mkdirSync('out/renderer', { recursive: true })
copyFileSync('src/main/headless.js', 'out/main/headless.js')
writeFileSync('out/renderer/index.html', '')
`

/** A project in a temporary folder: the real set-up scripts, stand-ins for what they start. */
export function createProject(): Project {
  const folder = mkdtempSync(join(tmpdir(), 'pswebhost-set up-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }))
  cpSync(join(ROOT, 'scripts'), join(folder, 'scripts'), { recursive: true })
  const project = projectIn(folder)
  project.write('package.json', '{ "type": "module" }')
  project.write('package-lock.json', '{ "one": 1 }')
  project.write('tools/npm-cli.js', NPM)
  project.write('node_modules/electron-vite/bin/electron-vite.js', BUILD)
  project.write('src/main/headless.js', 'console.log("hello")')
  return project
}

function projectIn(folder: string): Project {
  const path = (file: string) => join(folder, file)
  const read = (file: string) => readFileSync(path(file), 'utf8')
  const write = (file: string, text: string) => {
    mkdirSync(dirname(path(file)), { recursive: true })
    writeFileSync(path(file), text)
    if (text.startsWith('#!')) chmodSync(path(file), 0o755)
  }
  const startCommand: Project['startCommand'] = (command, args, options = {}) =>
    follow(
      spawn(command, args, {
        cwd: options.cwd ?? folder,
        env: { PATH: process.env.PATH, npm_execpath: path('tools/npm-cli.js'), ...options.env },
      }),
    )
  const start: Project['start'] = (args, options) => startCommand(process.execPath, args, options)
  return {
    folder,
    write,
    read,
    has: (file) => existsSync(path(file)),
    timesRun: (tool) => (existsSync(path(`${tool}-ran`)) ? read(`${tool}-ran`).trim().split('\n').length : 0),
    start,
    startCommand,
    run: (args, options) => start(args, options).ended,
  }
}

function follow(child: ReturnType<typeof spawn>): Started {
  const output = { stdout: '', stderr: '' }
  const waiting = new Set<() => void>()
  const collect = (stream: 'stdout' | 'stderr') =>
    child[stream]?.setEncoding('utf8').on('data', (text: string) => {
      output[stream] += text
      waiting.forEach((look) => look())
    })
  collect('stdout')
  collect('stderr')
  const ended = new Promise<Ended>((resolve) =>
    child.once('close', (code, signal) => resolve({ code, signal, ...output })),
  )
  const says = (text: string) =>
    new Promise<void>((resolve, reject) => {
      const look = () => {
        if ((output.stdout + output.stderr).includes(text)) resolve()
      }
      waiting.add(look)
      look()
      void ended.then(() =>
        reject(new Error(`Ended without saying ${text}: ${output.stdout}${output.stderr}`)),
      )
    })
  return { process: child, says, ended }
}
