import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parse } from 'yaml'
import { describe, expect, it } from 'vitest'
import { DEFAULT_CONFIG } from '../../src/main/config/default-config.ts'
import { editYaml } from '../../src/main/config/edit-yaml.ts'
import { writeConfigKey } from '../../src/main/config/yaml-file.ts'
import { isPosix, modeOf, temporaryFolders, textOf } from './support.ts'

const folder = temporaryFolders()
const ROOTS = ['execution', 'scriptRoots']

describe('changing one value', () => {
  it.each([
    [
      'replaces plain text, spacing and comment kept',
      'a:\n  b:   old    # why\n  c: 1\n',
      'a:\n  b:   new    # why\n  c: 1\n',
    ],
    ['replaces quoted text', 'a: { b: "old", c: 1 }\n', 'a: { b: new, c: 1 }\n'],
    ['replaces a text of several lines', 'a:\n  b: |\n    one\n    two\n  c: 1\n', 'a:\n  b: new\n  c: 1\n'],
    [
      'puts a missing key first in its group',
      '# top\na:\n    # about c\n    c: 1\n',
      '# top\na:\n    # about c\n    b: new\n    c: 1\n',
    ],
    ['fills an empty group', 'a:\nz: 1\n', 'a:\n  b: new\nz: 1\n'],
    [
      'fills a group of comments',
      'a: # group\n  # b is …\n  #b: default\n  #c: 1\nz: 1\n',
      'a: # group\n  # b is …\n  b: new\n  #c: 1\nz: 1\n',
    ],
    ['adds a missing group at the end', 'z: 1', 'z: 1\na:\n  b: new\n'],
    ['begins an empty file', '', 'a:\n  b: new\n'],
    ['adds to a file of comments', '# only words\n', '# only words\na:\n  b: new\n'],
    [
      'does not take another group’s comment for its own',
      'a:\n  c: 1\nz:\n  #b: 1\n',
      'a:\n  b: new\n  c: 1\nz:\n  #b: 1\n',
    ],
  ])('%s', (_name, before, after) => {
    expect(editYaml(before, ['a', 'b'], 'new')).toBe(after)
  })

  it('quotes what YAML would read as something else', () => {
    for (const text of [
      'yes: no',
      '- x',
      '# no comment',
      ' padded ',
      '0123',
      'true',
      'null',
      'a\nb',
      '${X}',
      '"',
      "'",
    ])
      expect(parse(editYaml('a: # c\n  b: 1 # d\n', ['a', 'b'], text))).toEqual({ a: { b: text } })
  })

  it('writes numbers, switches and nothing', () => {
    for (const value of [7, true, null])
      expect(parse(editYaml('a:\n  b: x\n', ['a', 'b'], value))).toEqual({ a: { b: value } })
  })
})

describe('changing a list', () => {
  it('takes the place of the commented default', () => {
    const after = editYaml(DEFAULT_CONFIG, ROOTS, ['scripts', '/opt/jobs'])
    const changed = after.split('\n').filter((line) => !DEFAULT_CONFIG.split('\n').includes(line))
    expect(changed).toEqual(['  scriptRoots: [ scripts, /opt/jobs ]'])
    expect(after).not.toContain('#scriptRoots')
  })

  it('adds lines to a list of lines, everything else byte for byte', () => {
    const before =
      'execution:\n    scriptRoots:\n      - scripts   # ours\n      - "/srv/a"\n    # next\n    sandbox:   none\n'
    expect(editYaml(before, ROOTS, ['scripts', '/srv/a', '/opt/b c'])).toBe(
      before.replace('"/srv/a"\n', '"/srv/a"\n      - /opt/b c\n'),
    )
  })

  it('takes items away and keeps the comments of those that stay', () => {
    const before = 'execution:\n  scriptRoots:\n    - a # first\n    - b # second\n  sandbox: none # why\n'
    const after = editYaml(before, ROOTS, ['b', 'c'])
    expect(parse(after)).toEqual({ execution: { scriptRoots: ['b', 'c'], sandbox: 'none' } })
    expect(after).toContain('- b # second')
    expect(after).toContain('sandbox: none # why')
  })

  it('replaces a list on one line', () => {
    expect(editYaml('execution: {scriptRoots: [a], sandbox: none} # x\n', ROOTS, ['a', 'b'])).toBe(
      'execution: {scriptRoots: [ a, b ], sandbox: none} # x\n',
    )
  })
})

describe('writing the file', () => {
  it('replaces it as a whole, 0600, and leaves nothing beside it', async () => {
    const file = join(folder(), 'app.yaml')
    await writeFile(file, 'api:\n  port: 1 # mine\n', { mode: 0o644 })
    await writeConfigKey(file, ['api', 'port'], 7781)
    expect(await textOf(file)).toBe('api:\n  port: 7781 # mine\n')
    if (isPosix) expect(await modeOf(file)).toBe(0o600)
  })

  it('keeps Windows line ends', async () => {
    const file = join(folder(), 'app.yaml')
    await writeFile(file, 'api:\r\n  host: a # mine\r\n  port: 1\r\n')
    await writeConfigKey(file, ['api', 'host'], 'b')
    expect(await textOf(file)).toBe('api:\r\n  host: b # mine\r\n  port: 1\r\n')
  })
})
