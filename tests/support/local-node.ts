import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { acquireControl, type Control, type ControlOptions } from '../../src/main/api/control.ts'
import { createLocalRouter } from '../../src/main/api/router.ts'
import { systemClock } from '../../src/main/platform/clock.ts'
import { memoryLog } from '../../src/main/platform/log.ts'
import { createMemoryNode, type MemoryNode } from './memory-services.ts'

export const controlOptions = (path: string): ControlOptions => ({
  path,
  version: '0.1.0',
  clock: systemClock,
  log: memoryLog(),
})

/** Takes what removes a thing at the end of a test, or of a suite. */
type OnEnd = (cleanUp: () => Promise<void>) => void

export const newFolder = async (onEnd: OnEnd = onTestFinished): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'psw-'))
  onEnd(() => rm(folder, { recursive: true, force: true }))
  return folder
}

export interface LocalNode extends MemoryNode {
  path: string
  control: Control
}

/** A node with in-memory services behind a control socket of its own. */
export const startLocalNode = async (onEnd?: OnEnd): Promise<LocalNode> => {
  const node = createMemoryNode()
  const path = join(await newFolder(onEnd), 'control.sock')
  const acquired = await acquireControl(controlOptions(path))
  if (!acquired.held) throw new Error('a new folder was held')
  acquired.control.announce({ nodeId: 'n1', nodeName: 'desk', url: 'http://127.0.0.1:1' })
  acquired.control.serve(createLocalRouter(node.services))
  return { ...node, path, control: acquired.control }
}
