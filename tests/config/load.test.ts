import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { configErrorOf, configFolders, isPosix, modeOf, textOf } from './support.ts'

const { folder, load, loadText, errorOf, messageOf } = configFolders()

describe('first start', () => {
  it('writes app.yaml with comments, 0600, and starts with every default', async () => {
    const dir = join(folder(), 'new')
    const { config, secrets, warnings } = await load(dir)
    expect(await textOf(join(dir, 'app.yaml'))).toMatch(/^# PSWebHost Cluster/)
    if (isPosix) expect(await modeOf(join(dir, 'app.yaml'))).toBe(0o600)
    expect(config.file).toBe(join(dir, 'app.yaml'))
    expect(config.database.options).toEqual({
      timeout: 30,
      poolSize: 3,
      enableChangeTracking: true,
      compressionLevel: 6,
    })
    expect(config.api).toMatchObject({ host: '127.0.0.1', port: 7780 })
    expect(config.node).toMatchObject({ nodeId: 'auto', maxConcurrentTasks: 10, tags: [], nodeGroup: null })
    expect(config.cluster).toMatchObject({ heartbeatSeconds: 10, leaseSeconds: 30, pollSeconds: 2 })
    expect(config.execution.maxOutputBytes).toBe(10 * 1024 * 1024)
    expect(config.retention).toEqual({ historyDays: 90, changeDays: 365, replicaChangeDays: 30 })
    expect([secrets, warnings]).toEqual([[], []])
  })

  it('reads relative paths from the data folder', async () => {
    const { config } = await loadText('execution:\n  scriptRoots: [scripts, /opt/jobs]\n')
    const { root } = config.dataDir
    expect(config.execution.scriptRoots).toEqual([join(root, 'scripts'), '/opt/jobs'])
    expect(config.database.connection.path).toBe(join(root, 'pswebhost.db'))
  })

  it('leaves an existing app.yaml alone, byte for byte', async () => {
    const dir = folder()
    const yaml = '# mine\napi:   { port: 8000 }\n'
    await writeFile(join(dir, 'app.yaml'), yaml)
    expect((await load(dir)).config.api.port).toBe(8000)
    expect(await textOf(join(dir, 'app.yaml'))).toBe(yaml)
  })

  it('takes an empty file, an empty section and an empty key for their defaults', async () => {
    expect((await loadText('')).config.api.port).toBe(7780)
    const { config } = await loadText('api:\nnode:\n  nodeGroup:\ndatabase:\n  options:\n    timeout:\n')
    expect([config.api.port, config.node.nodeGroup, config.database.options.timeout]).toEqual([
      7780,
      null,
      30,
    ])
  })

  it('refuses a --config that is not there instead of writing a new one', async () => {
    const file = join(folder(), 'other.yaml')
    const error = await configErrorOf(() => load(folder(), { configFile: file }))
    expect(error.exitCode).toBe(2)
    expect(error.message).toContain(`--config has "${file}"; it may be a file that can be read (ENOENT`)
  })
})

describe('wrong values', () => {
  it.each([
    [
      'database:\n  type: Postgres\n',
      'database.type has "Postgres"; it may be SQLite, PostgreSQL, MySQL or SqlServer',
    ],
    [
      'database:\n  options:\n    compressionLevel: 12\n',
      'database.options.compressionLevel has 12; it may be a whole number from 1 to 9',
    ],
    [
      'database:\n  options:\n    enableChangeTracking: maybe\n',
      'database.options.enableChangeTracking has "maybe"; it may be true or false',
    ],
    [
      'api:\n  port: 70000\n',
      'api.port has 70000; it may be a whole number from 0 to 65535 (0: any free port)',
    ],
    ['api: 80\n', 'api has 80; it may be a group of keys: host, port, tls'],
    ['node:\n  nodeId: primary\n', 'node.nodeId has "primary"; it may be auto or a UUID'],
    ['node:\n  tags: web\n', 'node.tags has "web"; it may be a list of words'],
    ['node:\n  tags: [web, 5]\n', 'node.tags.1 has 5; it may be text of 1 to 50 characters'],
    [
      'execution:\n  scriptRoots: []\n',
      'execution.scriptRoots has []; it may be a list of at least one folder',
    ],
    [
      'execution:\n  sandbox: user\n',
      'execution.sandboxUser has no value; it may be the name of the account that scripts run as: execution.sandbox user needs it',
    ],
    [
      'execution:\n  sandboxUser: runner\n',
      'execution.sandboxUser has "runner"; it may be left out while execution.sandbox is none',
    ],
    ['execution:\n  sandbox: docker\n', 'execution.sandbox has "docker"; it may be none, user or bubblewrap'],
    [
      'execution:\n  maxOutputBytes: 1073741824\n',
      'execution.maxOutputBytes has 1073741824; it may be a whole number from 1024 to 67108864 (bytes; 64 MB, since an output is stored as one value)',
    ],
    [
      'cluster:\n  pollSeconds: 0.5\n',
      'cluster.pollSeconds has 0.5; it may be a whole number from 1 to 5 (seconds)',
    ],
    [
      'cluster:\n  timeZone: Berlin\n',
      'cluster.timeZone has "Berlin"; it may be the name of an IANA time zone, like Europe/Berlin or UTC',
    ],
    [
      'sync:\n  conflicts:\n    Tasks: older\n',
      'sync.conflicts.Tasks has "older"; it may be newer or manual',
    ],
    [
      'database:\n  connection:\n    ssl: 3\n',
      'database.connection.ssl has 3; it may be true, false or no-verify',
    ],
    [
      'database:\n  connection:\n    password: [hunter22]\n',
      'database.connection.password has a value of another kind; it may be text, ${NAME} of an environment variable, or encrypted:…',
    ],
    [
      'retention:\n  changeDays: 0\n',
      'retention.changeDays has 0; it may be a whole number from 1 to 36500 (days)',
    ],
    [
      'cluster:\n  leaseSeconds: 15\n',
      'cluster.leaseSeconds has 15; it may be 20 or more: a lease must outlive one missed heartbeat (cluster.heartbeatSeconds is 10)',
    ],
    [
      'api:\n  tls:\n    cert: a.pem\n',
      'api.tls.key has no value; it may be the path of the key of tls.cert, which needs it',
    ],
    [
      'api:\n  tls:\n    key: a.pem\n',
      'api.tls.cert has no value; it may be the path of the certificate of tls.key',
    ],
    [
      'api:\n  tls: { enabled: false, cert: a.pem, key: b.pem }\n',
      'api.tls.enabled has false; it may be true while tls.cert is given',
    ],
    [
      'database:\n  type: MySQL\n  connection:\n    server: db\n',
      'database.connection.database has no value; it may be the name of the database: MySQL needs it',
    ],
    ['- a\n', 'PLACE has no keys; it may have groups of keys, like "api:" with "port: 7780" below'],
  ])('%j is refused in one line: key path, what it has, what it may have', async (yaml, expected) => {
    expect((await messageOf(yaml)).replace(/^\S+app\.yaml /, 'PLACE ')).toBe(expected)
  })

  it('says where in the file, ends with exit code 2, and is one line', async () => {
    const error = await errorOf('# first\napi:\n  host: 127.0.0.1\n  port: http\n')
    expect(error.exitCode).toBe(2)
    expect(error.message).toMatch(/^api\.port has "http"; .* \(\/.*app\.yaml line 4\)$/)
    expect(error.message).not.toContain('\n')
  })

  it('reports every wrong key, the first of the file first', async () => {
    const error = await errorOf('retention:\n  historyDays: -1\napi:\n  prot: 80\n  port: x\n')
    expect(error.problems).toHaveLength(1)
    const both = await errorOf('retention:\n  historyDays: -1\napi:\n  port: x\n')
    expect(both.problems.map((text) => text.split(' ')[0])).toEqual(['retention.historyDays', 'api.port'])
    expect(both.message).toBe(both.problems[0])
  })

  it('names line and column of what is not YAML', async () => {
    expect((await errorOf('api:\n  port: [1\nnode: x\n')).message).toMatch(
      /app\.yaml line 3, column \d+ is not YAML: /,
    )
    expect((await errorOf('api:\n  port: 1\napi:\n  port: 2\n')).message).toContain(
      'line 3, column 1 is not YAML: Map keys must be unique',
    )
  })
})

describe('unknown keys', () => {
  it.each([
    ['api:\n  prot: 80\n', 'api.prot is not a known key; the nearest known key is api.port'],
    ['databse:\n  type: SQLite\n', 'databse is not a known key; the nearest known key is database'],
    [
      'database:\n  poolsize: 4\n',
      'database.poolsize is not a known key; the nearest known key is database.options.poolSize',
    ],
    ['Node:\n', 'Node is not a known key; the nearest known key is node'],
    [
      'execution:\n  limits:\n    memoryMB:\n',
      'execution.limits.memoryMB is not a known key; the nearest known key is execution.limits.memoryMb',
    ],
  ])('%j names the nearest known one', async (yaml, expected) => {
    expect(await messageOf(yaml)).toBe(expected)
  })
})

it('a key that every JavaScript object has is unknown too', async () => {
  expect(await messageOf('toString: 1\n')).toMatch(
    /^toString is not a known key; the nearest known key is \w/,
  )
})

describe('${NAME}', () => {
  it('is expanded in any string, several times, in lists, and for numbers', async () => {
    const variables = { PORT: '8123', ZONE: 'front', REGION: 'eu', LEVEL: '9' }
    const yaml =
      'api:\n  port: ${PORT}\nnode:\n  nodeName: "${REGION}-${ZONE}"\n  tags: ["${ZONE}"]\ndatabase:\n  options:\n    compressionLevel: ${LEVEL}\n    enableChangeTracking: "false"\n'
    const { config } = await loadText(yaml, { variables })
    expect(config.api.port).toBe(8123)
    expect(config.node).toMatchObject({ nodeName: 'eu-front', tags: ['front'] })
    expect(config.database.options).toMatchObject({ compressionLevel: 9, enableChangeTracking: false })
  })

  it('is left as text after a second dollar sign', async () => {
    expect((await loadText('node:\n  nodeName: a$${HOST}b\n')).config.node.nodeName).toBe('a${HOST}b')
  })

  it('that is not set, or is no name, is an error with key and variable', async () => {
    expect(await messageOf('node:\n  nodeName: ${NODE}\n')).toBe(
      'node.nodeName has ${NODE}, but the environment variable NODE is not set; set it or write the value itself',
    )
    expect(await messageOf('node:\n  nodeName: "${a b}"\n')).toBe(
      'node.nodeName has ${a b}, which names no environment variable; write $${ for the characters ${ themselves',
    )
  })

  it('shows a wrong value as the file has it, never what the variable holds', async () => {
    const message = await messageOf('api:\n  port: ${PORT}\n', { variables: { PORT: 'geheim-42' } })
    expect(message).toBe(
      'api.port has "${PORT}"; it may be a whole number from 0 to 65535 (0: any free port)',
    )
  })
})

describe('the command line', () => {
  it('wins over the file, and is checked under its own name', async () => {
    const { config } = await loadText('api:\n  port: 1\n', { cliOverrides: { port: '0', host: '::1' } })
    expect(config.api).toMatchObject({ port: 0, host: '::1' })
    expect(await messageOf('', { cliOverrides: { port: 'abc' } })).toBe(
      '--port has "abc"; it may be a whole number from 0 to 65535 (0: any free port)',
    )
  })
})
