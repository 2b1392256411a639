import { readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { validate, version } from 'uuid'
import { describe, expect, it } from 'vitest'
import { adoptNodeId, startIdentity } from '../../src/main/platform/node-identity.ts'
import { writeFileAtomic } from '../../src/main/platform/write-file.ts'
import { isPosix, temporaryFolders } from '../config/support.ts'

const folder = temporaryFolders()
const nodeFile = (): string => join(folder(), 'node.json')
const CONFIGURED = '0190aaaa-0000-4000-8000-000000000001'

describe('the identity of a node', () => {
  it('keeps its id and gets a new incarnation at each start', async () => {
    const file = nodeFile()
    const first = await startIdentity(file, 'auto')
    expect(validate(first.nodeId) && version(first.nodeId)).toBe(7)
    expect(first.previousIncarnation).toBeNull()
    const second = await startIdentity(file, 'auto')
    expect(second.nodeId).toBe(first.nodeId)
    expect(second.incarnation).not.toBe(first.incarnation)
    expect(second.previousIncarnation).toBe(first.incarnation)
  })

  it('is on disk, 0600, before it is used, with nothing left beside it', async () => {
    const file = nodeFile()
    const { nodeId, incarnation } = await startIdentity(file, 'auto')
    expect(JSON.parse(await readFile(file, 'utf8'))).toEqual({ nodeId, incarnation })
    if (isPosix) expect((await stat(file)).mode & 0o777).toBe(0o600)
    expect(await readdir(dirname(file))).toEqual(['node.json'])
  })

  it('takes the configured id, before and after one was made', async () => {
    const file = nodeFile()
    await startIdentity(file, 'auto')
    expect((await startIdentity(file, CONFIGURED)).nodeId).toBe(CONFIGURED)
    expect((await startIdentity(file, 'auto')).nodeId).toBe(CONFIGURED)
  })

  it('takes an adopted id from the next start on', async () => {
    const file = nodeFile()
    const first = await startIdentity(file, 'auto')
    await adoptNodeId(file, CONFIGURED)
    expect(await startIdentity(file, 'auto')).toMatchObject({
      nodeId: CONFIGURED,
      previousIncarnation: first.incarnation,
    })
  })

  it.each([
    [
      '',
      /^.*node\.json does not name this node \(.*\): put it back from a backup, or delete it to start as a new node\.$/,
    ],
    ['{"nodeId":5}', /node\.json does not name this node \(it holds something else\): put it back/],
  ])('is never guessed from a damaged file: %j', async (text, expected) => {
    const file = nodeFile()
    await writeFile(file, text)
    await expect(startIdentity(file, 'auto')).rejects.toThrow(expected)
    expect(await readFile(file, 'utf8')).toBe(text)
  })
})

describe('writing a file as a whole', () => {
  it('keeps the old text and leaves nothing behind when it cannot be replaced', async () => {
    const dir = folder()
    await writeFileAtomic(join(dir, 'a'), 'old')
    // A folder in the way: the rename fails after the new text was written.
    await writeFileAtomic(join(dir, 'b'), 'x')
    await expect(writeFileAtomic(join(dir, 'b', 'c'), 'y')).rejects.toThrow('ENOTDIR')
    await expect(writeFileAtomic(dir, 'y')).rejects.toThrow()
    expect((await readdir(dir)).sort()).toEqual(['a', 'b'])
    expect(await readFile(join(dir, 'a'), 'utf8')).toBe('old')
  })
})
