import { spawn } from 'node:child_process'
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { openIsolation } from '../../src/main/app/isolation.ts'
import { detectIsolation } from '../../src/main/exec/isolation.ts'
import { configErrorOf, configFolders } from '../config/support.ts'
import { startEngineNode } from '../support/engine.ts'
import { taskInputSchema } from '../../src/shared/domain/task.ts'
import { admin, QUICK, tempDir } from '../support/node.ts'

const { loadText } = configFolders()
const ENTRY = join(import.meta.dirname, 'fixtures', 'program.ts')
const isRoot = process.getuid?.() === 0
/** Where no program is found. */
const BARE = { PATH: '/nonexistent' }

const found = await detectIsolation({
  platform: process.platform,
  isRoot,
  hostEnvironment: process.env,
  sandboxUser: null,
  nodeDirId: 'test',
})
const has = (feature: string): boolean =>
  found.features.some((each) => each.feature === feature && each.available)
const whyNot = (feature: string): string => {
  const reason = found.features.find((each) => each.feature === feature)?.reason
  return reason ? ` (not here: ${reason})` : ''
}

const isolationOf = async (execution: string, variables: Record<string, string | undefined> = process.env) =>
  openIsolation((await loadText(`execution: { ${execution} }\n`)).config, variables)
const refusalOf = (...args: Parameters<typeof isolationOf>) => configErrorOf(() => isolationOf(...args))

describe('what keeps scripts apart', () => {
  it('is looked for whatever is asked for, and each that is missing says why', async () => {
    const { isolation, sandbox } = await isolationOf('sandbox: none', BARE)
    expect(sandbox).toEqual({ kind: 'none' })
    expect(isolation.map(({ feature }) => feature)).toEqual(['user', 'bubblewrap', 'cgroup'])
    for (const { available, reason } of isolation) expect(available).toBe(reason === null)
    expect(isolation[1]).toMatchObject({ available: false, reason: expect.any(String) as string })
  })

  it.runIf(process.platform === 'linux')(
    'is refused where it is not to be had: nothing runs without it',
    async () => {
      const error = await refusalOf('sandbox: bubblewrap', BARE)
      expect(error.message).toMatch(
        /^execution\.sandbox has "bubblewrap", but the program bwrap \(package bubblewrap\) is missing; put that right, or it may be none \(/,
      )
      expect(error.exitCode).toBe(2)
      const user = await refusalOf('sandbox: user, sandboxUser: nobody', BARE)
      expect(user.message).toMatch(
        /^execution\.sandbox has "user", but the (node must run as root|program setpriv)/,
      )
    },
  )

  it.runIf(has('user'))(
    `needs an account that is there and is not the node’s own${whyNot('user')}`,
    async () => {
      const unknown = await refusalOf('sandbox: user, sandboxUser: no-such-account')
      expect(unknown.message).toContain('there is no account no-such-account on this machine')
      const own = await refusalOf('sandbox: user, sandboxUser: root')
      expect(own.message).toContain('root is the account of the node itself')
    },
  )

  it.runIf(has('user'))(`needs script roots that the account can read${whyNot('user')}`, async () => {
    const error = await refusalOf('sandbox: user, sandboxUser: nobody')
    expect(error.message).toMatch(
      /^execution\.scriptRoots has "\S+\/scripts", which the account nobody \(execution\.sandboxUser\) cannot read/,
    )
    expect(error.exitCode).toBe(2)
  })

  it.runIf(has('bubblewrap'))(
    `needs script roots beside the keys, not around them${whyNot('bubblewrap')}`,
    async () => {
      for (const root of ['.', '..', '/'])
        expect((await refusalOf(`sandbox: bubblewrap, scriptRoots: ["${root}"]`)).message).toMatch(
          /^execution\.scriptRoots has "\/\S*", which holds the data folder with its keys/,
        )
    },
  )
})

/** A folder that is not a temporary one: those are hidden anyway. */
const outside = async (): Promise<string> => {
  const dir = await mkdtemp(join(homedir(), '.pswebhost-test-'))
  onTestFinished(() => rm(dir, { recursive: true, force: true }))
  return dir
}

describe('a node', () => {
  it.runIf(process.platform === 'linux')('does not start without the sandbox it is told to use', async () => {
    const dir = await tempDir()
    await writeFile(join(dir, 'app.yaml'), 'execution: { sandbox: bubblewrap }\n')
    const child = spawn(process.execPath, [ENTRY, '--data', dir, '--port', '0'], {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: BARE,
    })
    onTestFinished(() => void child.kill('SIGKILL'))
    let stderr = ''
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
    expect(await new Promise((resolve) => child.once('close', resolve))).toBe(2)
    expect(stderr).toMatch(/^execution\.sandbox has "bubblewrap", but/m)
  })

  it.runIf(has('bubblewrap'))(
    `runs its scripts in bubblewrap, away from its keys${whyNot('bubblewrap')}`,
    async () => {
      const database = join(await outside(), 'node.db')
      const node = await startEngineNode({
        config: `${QUICK}  sandbox: bubblewrap\ndatabase:\n  connection:\n    path: "${database}"\n`,
      })
      await node.script(
        'look.sh',
        `ls "${node.dir}"; cat "${node.dir}/secret.key" || echo hidden; cat "${database}" || echo closed\n`,
      )
      const task = await node.task({ scriptPath: 'look.sh' })
      const historyId = await node.start(task.taskId)
      expect((await node.ended(historyId)).state).toBe('Success')
      expect((await node.output(historyId)).split('\n').filter((line) => !line.startsWith('cat:'))).toEqual(
        expect.arrayContaining(['scripts', 'hidden', 'closed']),
      )
      expect(await node.output(historyId)).not.toMatch(/app\.yaml|SQLite format/)
    },
  )

  it.runIf(has('user'))(`runs its scripts as the account it is given${whyNot('user')}`, async () => {
    const scripts = join(await tempDir(), 'scripts')
    await mkdir(scripts)
    await chmod(dirname(scripts), 0o755)
    await writeFile(join(scripts, 'who.sh'), 'id -un\n', { mode: 0o644 })
    const node = await startEngineNode({
      config: `${QUICK}  sandbox: user\n  sandboxUser: nobody\n  scriptRoots: ["${scripts}"]\n`,
    })
    const task = await node.task({ scriptPath: 'who.sh' })
    const historyId = await node.start(task.taskId)
    expect(await node.ended(historyId)).toMatchObject({ state: 'Success', error: null })
    expect(await node.output(historyId)).toBe('nobody\n')

    await writeFile(join(scripts, 'mine.sh'), 'true\n', { mode: 0o600 })
    const { warnings } = await node.services.tasks.validate(
      admin,
      taskInputSchema.parse({ taskName: 'mine', scriptPath: 'mine.sh', limits: { processes: 5 } }),
    )
    const said = warnings.map(({ message }) => message)
    expect(said).toContain(
      `the account nobody, which scripts run as here, may not use ${join(scripts, 'mine.sh')}`,
    )
    if (!has('cgroup')) expect(said.join()).toContain('all processes of the account nobody')
  })
})
