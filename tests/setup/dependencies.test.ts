import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createProject, type Project } from './project.ts'

const INSTALL = ['scripts/setup/dependencies.mjs']

/** Lets the stand-in npm end. */
const letNpmEnd = (project: Project) => rmSync(join(project.folder, 'npm-waits'))

describe('set-up of the packages', () => {
  it('installs once, without install scripts, and leaves stdout to the program', async () => {
    const project = createProject()
    const first = await project.run(INSTALL)
    expect(first).toMatchObject({ code: 0, stdout: '' })
    expect(first.stderr).toContain('npm at work')
    expect(project.read('npm-ran')).toMatch(/^ci --ignore-scripts /)
    expect(project.has('node_modules/package/index.js')).toBe(true)

    const second = await project.run(INSTALL)
    expect(second).toMatchObject({ code: 0, stdout: '', stderr: '[packages] up to date\n' })
    expect(project.timesRun('npm')).toBe(1)
  })

  it('installs again when the lock file changed', async () => {
    const project = createProject()
    await project.run(INSTALL)
    project.write('package-lock.json', '{ "two": 2 }')
    await project.run(INSTALL)
    expect(project.timesRun('npm')).toBe(2)
  })

  it('names the command to run when npm fails, and tries again the next time', async () => {
    const project = createProject()
    project.write('npm-fails', '')
    const failed = await project.run(INSTALL)
    expect(failed.code).toBe(1)
    expect(failed.stderr).toContain('npm ended with code 7')
    expect(failed.stderr).toMatch(/\n {2}Run: npm ci --ignore-scripts\n$/)

    rmSync(join(project.folder, 'npm-fails'))
    expect((await project.run(INSTALL)).code).toBe(0)
    expect(project.timesRun('npm')).toBe(2)
  })

  it('forgets a finished install when a later one fails', async () => {
    const project = createProject()
    await project.run(INSTALL)
    project.write('package-lock.json', '{ "two": 2 }')
    project.write('npm-fails', '')
    await project.run(INSTALL)
    project.write('package-lock.json', '{ "one": 1 }')
    rmSync(join(project.folder, 'npm-fails'))
    await project.run(INSTALL)
    expect(project.timesRun('npm')).toBe(3)
  })

  it('refuses a Node that is too old, with the command that brings a newer one', async () => {
    const project = createProject()
    const old = "Object.defineProperty(process, 'versions', { value: { node: '18.20.4' } })"
    const { code, stderr } = await project.run(['--import', `data:text/javascript,${old}`, ...INSTALL])
    expect(code).toBe(1)
    expect(stderr).toContain('Node 18.20.4 is too old')
    expect(stderr).toContain('Run: nvm install 24')
    expect(project.timesRun('npm')).toBe(0)
  })
})

describe.skipIf(process.platform === 'win32')('interrupted set-up of the packages', () => {
  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    'ends npm on %s and starts over the next time',
    async (signal) => {
      const project = createProject()
      project.write('npm-waits', '')
      const setup = project.start(INSTALL)
      await setup.says('npm at work')
      setup.process.kill(signal)
      // Its pipes close only when npm is gone too.
      const { code } = await setup.ended
      expect(code).toBeGreaterThan(128)
      expect(project.has('node_modules/package')).toBe(false)

      letNpmEnd(project)
      expect((await project.run(INSTALL)).code).toBe(0)
      expect(project.timesRun('npm')).toBe(2)
      expect(project.has('node_modules/package/index.js')).toBe(true)
    },
  )

  it('waits for the npm of a set-up that was killed, then starts over', async () => {
    const project = createProject()
    project.write('npm-waits', '')
    const killed = project.start(INSTALL)
    await killed.says('npm at work')
    killed.process.kill('SIGKILL')

    const next = project.start(INSTALL)
    await next.says('waiting for another set-up')
    expect(project.timesRun('npm')).toBe(1)
    letNpmEnd(project)
    expect((await next.ended).code).toBe(0)
    expect(project.timesRun('npm')).toBe(2)
  })

  it('installs once when two start at the same time', async () => {
    const project = createProject()
    project.write('npm-waits', '')
    const both = [project.start(INSTALL), project.start(INSTALL)]
    await Promise.any(both.map((setup) => setup.says('waiting for another set-up')))
    letNpmEnd(project)
    const ended = await Promise.all(both.map((setup) => setup.ended))
    expect(ended.map((end) => end.code)).toEqual([0, 0])
    expect(project.timesRun('npm')).toBe(1)
    expect(ended.map((end) => end.stderr).join('')).toContain('installed by another set-up')
  })
})
