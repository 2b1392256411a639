import { chmod, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { AppError } from '../../src/shared/domain/errors.ts'
import { systemClock } from '../../src/main/platform/clock.ts'
import { createLog, memoryLog, type LogOptions } from '../../src/main/platform/log.ts'
import { humanLine } from '../../src/main/platform/log-line.ts'
import { isPosix, temporaryFolders } from '../config/support.ts'

const folder = temporaryFolders()
const clock = { ...systemClock, now: () => Date.parse('2026-11-24T14:00:00.123Z') }

const openLog = (dir: string | null, options: Partial<LogOptions> = {}) => {
  const stderr: string[] = []
  return { log: createLog({ dir, clock, stderr: (line) => stderr.push(line), ...options }), stderr }
}

const linesOf = async (dir: string): Promise<unknown[]> => {
  const text = await readFile(join(dir, 'pswebhost.log'), 'utf8')
  return text
    .trimEnd()
    .split('\n')
    .map((line): unknown => JSON.parse(line))
}

describe('the log', () => {
  it('writes JSON lines to the file and readable ones to stderr', async () => {
    const dir = join(folder(), 'logs')
    const { log, stderr } = openLog(dir)
    log.info('ready')
    log.child({ taskId: 't1' }).warn({ attempt: 2 }, 'retrying')
    await log.close()
    expect(await linesOf(dir)).toEqual([
      { level: 'info', time: '2026-11-24T14:00:00.123Z', msg: 'ready' },
      { level: 'warn', time: '2026-11-24T14:00:00.123Z', taskId: 't1', attempt: 2, msg: 'retrying' },
    ])
    expect(stderr).toEqual([
      '2026-11-24T14:00:00.123Z INFO  ready\n',
      '2026-11-24T14:00:00.123Z WARN  retrying (taskId: t1, attempt: 2)\n',
    ])
    if (isPosix) expect((await stat(join(dir, 'pswebhost.log'))).mode & 0o777).toBe(0o600)
    if (isPosix) expect((await stat(dir)).mode & 0o777).toBe(0o700)
  })

  it('keeps an error with its stack in the file and by its message on stderr', async () => {
    const dir = folder()
    const { log, stderr } = openLog(dir)
    log.error({ error: new AppError('UNAVAILABLE', 'the disk is full') }, 'a backup failed')
    await log.close()
    expect(await linesOf(dir)).toMatchObject([
      {
        error: {
          message: 'the disk is full',
          code: 'UNAVAILABLE',
          stack: expect.stringContaining('log.test.ts') as string,
        },
      },
    ])
    expect(stderr[0]).toBe('2026-11-24T14:00:00.123Z ERROR a backup failed (error: the disk is full)\n')
  })

  it('leaves out what is below its level', () => {
    const { log, stderr } = openLog(null, { level: 'warn' })
    log.debug('a')
    log.info('b')
    log.warn('c')
    expect(stderr).toHaveLength(1)
  })

  it('goes on in the same file after a restart', async () => {
    const dir = folder()
    for (const message of ['first', 'second']) {
      const { log } = openLog(dir)
      log.info(message)
      await log.close()
    }
    expect(await linesOf(dir)).toMatchObject([{ msg: 'first' }, { msg: 'second' }])
  })

  it('lets no text of others move the cursor or begin a line', () => {
    const { log, stderr } = openLog(null)
    log.warn({ name: 'a\u001b[2J\nb' }, 'task\r\n2026 ERROR forged\u2028x')
    expect(stderr).toEqual(['2026-11-24T14:00:00.123Z WARN  task 2026 ERROR forged x (name: a [2J b)\n'])
  })

  it('rotates at 10 MB and keeps five older files', async () => {
    const dir = folder()
    const { log } = openLog(dir)
    const megabyte = 'x'.repeat(1024 * 1024)
    for (let i = 0; i < 75; i++) log.info({ megabyte }, `line ${i}`)
    await log.close()
    const files = (await readdir(dir)).filter((name) => name.startsWith('pswebhost.log')).sort()
    expect(files).toEqual(['pswebhost.log', ...[1, 2, 3, 4, 5].map((index) => `pswebhost.log.${index}`)])
    for (const name of files) expect((await stat(join(dir, name))).size).toBeLessThan(12 * 1024 * 1024)
    const lines = await readFile(join(dir, 'pswebhost.log'), 'utf8')
    expect(lines.trimEnd().endsWith('"msg":"line 74"}')).toBe(true)
  })
})

describe('secrets in the log', () => {
  it('are masked in every part of a line, in the file and on stderr, from when they are known', async () => {
    const dir = folder()
    const { log, stderr } = openLog(dir, { redact: ['first-secret'] })
    log.info('first-secret')
    log.mask('se"cret\\2')
    log.warn(
      { deep: { er: ['se"cret\\2'] }, error: new Error('url pg://u:se%22cret%5C2@h') },
      'has se"cret\\2',
    )
    log.child({ key: 'first-secret' }).error('x')
    await log.close()
    const all = (await readFile(join(dir, 'pswebhost.log'), 'utf8')) + stderr.join('')
    expect(all).not.toMatch(/first-secret|se\\*"cret|se%22cret/)
    expect(stderr[0]).toBe('2026-11-24T14:00:00.123Z INFO  ***\n')
    expect(stderr[1]).toContain('WARN  has *** (deep: {"er":["***"]}, error: url pg://u:***@h)')
  })

  it('are masked by the name of their field when their value is not known', () => {
    const { log, stderr } = openLog(null)
    log.info({ password: 'a', request: { headers: { authorization: 'Bearer b' }, token: 'c' } }, 'm')
    expect(stderr[0]).toContain('(password: ***, request: {"headers":{"authorization":"***"},"token":"***"})')
  })
})

describe('a log folder that takes no writes', () => {
  it('is said once on stderr, and the node goes on', async () => {
    const file = join(folder(), 'file')
    await writeFile(file, '')
    const { log, stderr } = openLog(file)
    log.info('one')
    log.info('two')
    await log.close()
    expect(stderr.filter((line) => line.includes('cannot be written'))).toEqual([
      expect.stringMatching(
        /WARN {2}The log in .*file cannot be written \(E.*\); trying again in a minute\.\n$/,
      ),
    ])
    expect(stderr.filter((line) => line.includes('INFO'))).toHaveLength(2)
  })

  it('is tried again after a minute', async () => {
    const path = join(folder(), 'logs')
    await writeFile(path, '')
    let elapsed = 0
    const { log } = openLog(path, { clock: { ...clock, monotonic: () => elapsed } })
    log.info('lost')
    await rm(path)
    log.info('lost too')
    elapsed = 60_000
    log.info('kept')
    await log.close()
    expect(await linesOf(path)).toMatchObject([{ msg: 'kept' }])
  })

  it.runIf(isPosix && process.getuid?.() !== 0)('may lose its rights while it runs', async () => {
    const dir = folder()
    await chmod(dir, 0o500)
    const { log, stderr } = openLog(dir)
    log.info('one')
    await log.close()
    expect(stderr.join('')).toContain('cannot be written')
    await chmod(dir, 0o700)
  })
})

describe('the log of tests', () => {
  it('keeps entries as the file would hold them', () => {
    const log = memoryLog()
    log.mask('hunter22')
    log.child({ a: 1 }).debug('hunter22')
    expect(log.entries).toMatchObject([{ level: 'debug', a: 1, msg: '***' }])
  })
})

it('a line of another shape is still shown', () => {
  expect(humanLine('{"x":null}')).toBe(' INFO   (x: null)')
})
