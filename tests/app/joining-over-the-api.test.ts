import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { openOffline } from '../../src/main/app/offline.ts'
import { createSocketLink } from '../../src/main/cli/socket-link.ts'
import { controlPath } from '../../src/main/config/data-dir.ts'
import { readEnvironment } from '../../src/main/config/environment.ts'
import { shownFingerprint } from '../../src/main/platform/certificate/certificate.ts'
import { createPinnedFetch } from '../../src/main/platform/pinned-fetch.ts'
import {
  parseJoinToken,
  writeJoinToken,
  type JoinTokenText,
} from '../../src/main/services/join-tokens/text.ts'
import { createLocalClient } from '../../src/shared/client/create-client.ts'
import { testCertificate } from '../support/certificates.ts'
import { pswebhost, type Setting } from '../support/command-line.ts'
import { homes } from '../support/homes.ts'
import { admin, startTestNode, tempDir, type TestNode } from '../support/node.ts'
import { sourceProgram } from '../support/program.ts'

const SECURE = 'api:\n  tls: { enabled: true }\n'
const OTHER = testCertificate().fingerprint

const newToken = async ({ services }: TestNode) => {
  const { token } = await services.joinTokens.create(admin, { expiresInMinutes: 60 })
  const text = parseJoinToken(token)
  if (!text) throw new Error('it is a join token')
  return { token, text, but: (other: Partial<JoinTokenText>) => writeJoinToken({ ...text, ...other }) }
}

/** The command line on a data folder whose node does not run, with something on stdin. */
const offline = (dir: string, input: string): Setting => ({
  open: async () => {
    const opened = await openOffline({
      ...{ dataDir: dir, environment: readEnvironment(), program: sourceProgram },
    })
    const socket = createSocketLink(controlPath(dir))
    const close = async (): Promise<void> => {
      await socket.close()
      await opened.close()
    }
    return { client: createLocalClient(socket.link), close }
  },
  ...{ controlPath: controlPath(dir), workingDir: dir, input },
})

const beat = async ({ url }: TestNode, fingerprint: string, of: string): Promise<number> => {
  const token = (await readFile(join(of, 'node.token'), 'utf8')).trim()
  const { nodeId, incarnation } = JSON.parse(await readFile(join(of, 'node.json'), 'utf8')) as Record<
    string,
    string
  >
  const { fetch, close } = createPinnedFetch(fingerprint)
  onTestFinished(close)
  const answer = await fetch(
    new Request(`${url}/api/v1/nodes/${nodeId ?? ''}/heartbeat`, {
      ...{ method: 'PUT', body: JSON.stringify({ incarnation }) },
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    }),
  )
  return answer.status
}

describe.each(homes().filter(({ server }) => server !== null))(
  '$name: a newcomer',
  { timeout: 120_000 },
  (home) => {
    it('that runs makes itself known to the node whose certificate its token names; others are refused', async () => {
      const config = await home.config()
      const first = await startTestNode({ config: `${config}${SECURE}` })
      const second = await startTestNode({ config })
      const { token, text, but } = await newToken(first)
      const wanted = text.fingerprint ?? ''
      expect(text.urls).toEqual([first.url])

      await expect(second.services.joinTokens.join(admin, but({ fingerprint: OTHER }))).rejects.toMatchObject(
        {
          code: 'CONFLICT',
          message: expect.stringMatching(
            `is ${shownFingerprint(wanted)}, the token names ${shownFingerprint(OTHER)}.*join-token create`,
          ) as string,
        },
      )
      const joined = await second.services.joinTokens.join(admin, token)
      expect(joined).toMatchObject({
        holdsKey: true,
        note: expect.stringContaining('knows this one') as string,
      })
      expect(await beat(first, wanted, second.dir)).toBe(200)
      const id = (await second.services.system.info(admin)).nodeId
      const changes = await first.services.changes.list(admin, { record: [id], limit: 10 })
      expect(changes.items.length).toBeGreaterThan(0)
    })

    it('joins through the database where nobody answers, or says no, and says so in a line', async () => {
      const config = await home.config()
      const first = await startTestNode({ config: `${config}${SECURE}` })
      const second = await startTestNode({ config })
      const { but } = await newToken(first)
      const gone = await second.services.joinTokens.join(admin, but({ urls: ['https://127.0.0.1:1'] }))
      expect(gone).toMatchObject({
        holdsKey: true,
        note: 'Nobody answers at https://127.0.0.1:1; this node joined through the database.',
      })
    })

    it('that never ran joins by a token from stdin, and starts at once as app.yaml says', async () => {
      const config = await home.config()
      const first = await startTestNode({ config: `${config}${SECURE}` })
      const dir = await tempDir()
      await writeFile(join(dir, 'app.yaml'), config, { mode: 0o600 })
      expect(await pswebhost('join -', offline(dir, ' \n'))).toMatchObject({
        code: 2,
        err: expect.stringContaining('standard input, which was empty') as string,
      })
      const { token } = await newToken(first)
      const { code, out } = await pswebhost('join -', offline(dir, `${token}\n`))
      expect([code, out]).toEqual([0, expect.stringContaining('It holds the cluster key.')])
      expect(out).toContain(`The node at ${first.url} has the certificate that the token names`)
      const node = await startTestNode({ dir, config })
      // It knows its own row: it waits for nobody.
      const logs = join(dir, 'logs')
      for (const file of await readdir(logs))
        expect(await readFile(join(logs, file), 'utf8')).not.toContain('waiting to see')
      const { nodeId } = await node.services.system.info(admin)
      expect(await first.services.nodes.get(admin, nodeId)).toMatchObject({ state: 'Active', holdsKey: true })
    })
  },
)
