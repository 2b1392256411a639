import { rmSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createProject } from './project.ts'

const BUILD = ['scripts/setup/build.mjs']

describe('set-up of the build', () => {
  it('builds once and leaves stdout to the program', async () => {
    const project = createProject()
    const first = await project.run(BUILD)
    expect(first).toMatchObject({ code: 0, stdout: '' })
    expect(first.stderr).toContain('build at work')
    expect(await project.run(BUILD)).toMatchObject({ code: 0, stderr: '[build] up to date\n' })
    expect(project.timesRun('build')).toBe(1)
  })

  it('builds again for a changed, a new, a renamed and a removed source', async () => {
    const project = createProject()
    await project.run(BUILD)
    const changes = [
      () => project.write('src/main/headless.js', 'console.log("changed")'),
      () => project.write('src/main/more.js', ''),
      () => {
        rmSync(join(project.folder, 'src/main/more.js'))
        project.write('src/main/other.js', '')
      },
      () => rmSync(join(project.folder, 'src/main/other.js')),
      () => project.write('electron.vite.config.ts', '// changed'),
      () => project.write('package-lock.json', '{ "two": 2 }'),
    ]
    for (const change of changes) {
      change()
      await project.run(BUILD)
    }
    expect(project.timesRun('build')).toBe(1 + changes.length)
  })

  it('does not build for new times on old content', async () => {
    const project = createProject()
    await project.run(BUILD)
    utimesSync(join(project.folder, 'src/main/headless.js'), new Date(), new Date())
    await project.run(BUILD)
    expect(project.timesRun('build')).toBe(1)
  })

  it('builds again when the output was removed', async () => {
    const project = createProject()
    await project.run(BUILD)
    rmSync(join(project.folder, 'out/main/headless.js'))
    await project.run(BUILD)
    expect(project.timesRun('build')).toBe(2)
    expect(project.has('out/main/headless.js')).toBe(true)
  })

  it('names the command when the build fails, and builds again even for the sources it had before', async () => {
    const project = createProject()
    await project.run(BUILD)
    project.write('src/main/broken.js', '')
    project.write('build-fails', '')
    const failed = await project.run(BUILD)
    expect(failed.code).toBe(1)
    expect(failed.stderr).toMatch(/failed with code 5.*\n {2}Run: npm run build\n$/)

    rmSync(join(project.folder, 'src/main/broken.js'))
    rmSync(join(project.folder, 'build-fails'))
    expect((await project.run(BUILD)).code).toBe(0)
    expect(project.timesRun('build')).toBe(3)
  })
})
