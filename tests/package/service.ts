import { spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { createClient, type Client } from '../../src/shared/client/create-client.ts'
import { createHttpLink } from '../../src/shared/client/http-link.ts'
import { readyUrl } from '../support/ready-url.ts'
import { unitOf, userOf } from './machine.ts'

export const UNIT = '/usr/lib/systemd/system/pswebhost-node.service'

export interface Service {
  url: string
  dir: string
  client: Client
  /** What a run wrote. */
  output: (historyId: string) => Promise<string>
  /** As the service manager ends it. */
  stop: () => Promise<number | null>
}

/** The service by its unit, as its user, in its folder: the machine of these tests need not have a service manager. */
export const startService = async (): Promise<Service> => {
  const unit = await unitOf(UNIT)
  const [command = '', ...args] = (unit['ExecStart'] ?? '').split(' ')
  const dir = unit['WorkingDirectory'] ?? ''
  const child = spawn(command, [...args, '--port', '0'], {
    ...(await userOf(unit['User'] ?? '')),
    cwd: dir,
    // A service has none of the environment of whoever starts it.
    env: { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', LANG: 'C.UTF-8', HOME: dir },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()))
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve))
  onTestFinished(() => void child.kill('SIGKILL'))
  const url = await readyUrl(child, () => said)
  const token = (await readFile(join(dir, 'admin.token'), 'utf8')).trim()
  return {
    ...{ url, dir },
    client: createClient(createHttpLink({ origin: url, token: () => token })),
    output: async (historyId) => {
      const headers = { authorization: `Bearer ${token}` }
      return (await fetch(`${url}/api/v1/history/${historyId}/output`, { headers })).text()
    },
    stop: () => {
      child.kill('SIGTERM')
      return ended
    },
  }
}
