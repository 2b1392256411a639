import { mkdirSync, readFileSync, realpathSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createProject } from './project.ts'

/** Tells what it got, counts signals, and ends 100 ms after the first with code 0. */
const PROGRAM = `
const signals = []
const end = () => { console.log('signals ' + signals.join(' ')); process.exit(0) }
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, () => {
  if (signals.push(signal) === 1) setTimeout(end, 100)
})
console.log('ready ' + JSON.stringify({ args: process.argv.slice(2), cwd: process.cwd(), pid: process.pid }))
if (process.argv.includes('import')) process.exit(3)
if (process.argv.includes('--crash')) process.kill(process.pid, 'SIGKILL')
setInterval(() => {}, 1000)
`

interface Report {
  args: string[]
  cwd: string
  pid: number
}

const reportIn = (stdout: string) =>
  JSON.parse(stdout.slice(stdout.indexOf('{'), stdout.indexOf('\n'))) as Report

const createStartable = () => {
  const project = createProject()
  project.write('src/main/headless.js', PROGRAM)
  return project
}

const MANIFEST = join(import.meta.dirname, '..', '..', 'package.json')
const START = 'scripts/start.mjs'
/** As a Node without execve, and as Windows, would do it. */
const AS_WRAPPER = ['--import', 'data:text/javascript,delete process.execve']

describe('npm start', () => {
  it('hands arguments to the program unchanged and passes its exit code on', async () => {
    const project = createStartable()
    const args = ['--data', 'a folder', 'import', 'x "y" $z', '--json']
    const { code, stdout } = await project.run([START, ...args])
    expect(code).toBe(3)
    expect(reportIn(stdout).args).toEqual(args)
  })

  it('prints nothing on stdout before the program does, even when it builds first', async () => {
    const project = createStartable()
    const { stdout, stderr } = await project.run([START, 'import'])
    expect(stderr).toContain('[build] built in')
    expect(stdout).toMatch(/^ready /)
  })

  it('starts nothing and says what to do when the build fails', async () => {
    const project = createStartable()
    project.write('build-fails', '')
    const { code, stdout, stderr } = await project.run([START])
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toContain('Run: npm run build')
  })

  it('reads relative paths from where npm was called', async () => {
    const project = createStartable()
    const folder = realpathSync(project.folder)
    mkdirSync(join(folder, 'elsewhere'))
    const fromNpm = { npm_lifecycle_event: 'start', INIT_CWD: join(folder, 'elsewhere') }
    const called = await project.run([join(folder, START), 'import'], { cwd: folder, env: fromNpm })
    expect(reportIn(called.stdout).cwd).toBe(join(folder, 'elsewhere'))
    const direct = await project.run([join(folder, START), 'import'], { cwd: folder, env: { INIT_CWD: '/' } })
    expect(reportIn(direct.stdout).cwd).toBe(folder)
  })
})

/** A runtime that is none: prints how it was started, as the program does. */
const RUNTIME = `#!/bin/sh
echo "window $PSWEBHOST_NODE $*"
`

/** Where the official runtime lies once it is downloaded. */
const withOfficial = (project: ReturnType<typeof createProject>) => {
  project.write('node_modules/electron/package.json', '{ "version": "45.0.0" }')
  project.write('node_modules/electron/dist/version', 'v45.0.0')
  project.write('node_modules/electron/path.txt', 'electron')
  project.write('node_modules/electron/dist/electron', RUNTIME)
  return project
}

describe.skipIf(process.platform !== 'linux')('npm start with a display', () => {
  const DISPLAY = { DISPLAY: ':7' }

  it.each([[[]], [['--data', 'import']], [['--port=0', '--insecure']]])(
    'opens the window for %j',
    async (args) => {
      const project = withOfficial(createStartable())
      const { code, stdout } = await project.run([START, ...args], { env: DISPLAY })
      expect(code).toBe(0)
      const folder = realpathSync(project.folder)
      const words = stdout.trim().split(' ')
      // The folder's own name has a blank in it.
      expect(words.join(' ')).toContain([folder, ...args].join(' '))
      expect(stdout).toMatch(/^window \/\S*node/)
    },
  )

  it.each([[['--headless', 'import']], [['import', 'tasks.yaml']], [['--data', 'd', 'import']]])(
    'needs no runtime for %j',
    async (args) => {
      const { stdout, stderr } = await createStartable().run([START, ...args], { env: DISPLAY })
      expect(stdout).toMatch(/^ready /)
      expect(stderr).not.toContain('[electron]')
    },
  )

  it('takes the stand-in with a warning where the download site does not answer', async () => {
    const project = createStartable()
    project.write('node_modules/electron/package.json', '{ "version": "45.0.0" }')
    const folder = `cache/pswebhost-cluster/electron-33.2.1-linux-x64-1`
    project.write(`${folder}/electron`, RUNTIME)
    project.write(`${folder}/version`, '33.2.1')
    const env = {
      ...DISPLAY,
      XDG_CACHE_HOME: join(project.folder, 'cache'),
      ELECTRON_MIRROR: 'http://127.0.0.1:1/',
    }
    const first = await project.run([START], { env })
    expect(first.stdout).toMatch(/^window /)
    expect(first.stderr).toContain('no security updates')
    expect(project.has('node_modules/.cache/electron-unreachable')).toBe(true)
  })
})

describe.skipIf(process.platform === 'win32')('signals to npm start', () => {
  it('leaves no wrapper process: the program takes its place', async () => {
    const project = createStartable()
    const started = project.start([START])
    await started.says('ready')
    started.process.kill('SIGTERM')
    const { stdout } = await started.ended
    expect(reportIn(stdout).pid).toBe(started.process.pid)
  })

  const ways = [
    { way: 'in its place', node: [] },
    { way: 'as its child', node: AS_WRAPPER },
  ]
  describe.each(ways)('with the program $way', ({ node }) => {
    it.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)(
      'passes %s on once and ends with its code',
      async (signal) => {
        const started = createStartable().start([...node, START])
        await started.says('ready')
        started.process.kill(signal)
        const { code, stdout } = await started.ended
        expect(stdout).toContain(`signals ${signal}\n`)
        expect(code).toBe(0)
      },
    )

    it('ends by the signal that ended the program', async () => {
      const { code, signal } = await createStartable().run([...node, START, '--crash'])
      expect({ code, signal }).toEqual({ code: null, signal: 'SIGKILL' })
    })
  })

  it.each(['SIGTERM', 'SIGINT'] as const)(
    'reaches the program when %s is sent to npm itself',
    async (signal) => {
      const project = createStartable()
      const { scripts } = JSON.parse(readFileSync(MANIFEST, 'utf8')) as { scripts: { start: string } }
      project.write('package.json', JSON.stringify({ type: 'module', scripts: { start: scripts.start } }))
      // The project brings no Node of its own here: npm finds the one that runs this test.
      const PATH = `${dirname(process.execPath)}${delimiter}${process.env.PATH}`
      const started = project.startCommand('npm', ['start', '--silent', '--', '--headless'], {
        env: { PATH },
      })
      await started.says('ready')
      started.process.kill(signal)
      const { code, stdout } = await started.ended
      expect(stdout).toContain(`signals ${signal}\n`)
      expect(code).toBe(0)
    },
  )
})
