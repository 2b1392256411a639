import { Button, CopyButton } from '@mantine/core'
import type { ReactNode } from 'react'
import type { TlsInfo } from '../../../shared/domain/system.ts'
import { dataOf } from '../../lib/loadable.ts'
import { useNow } from '../../lib/use-now.ts'
import { systemContext } from '../../shell/system-store.ts'
import { Code, Section } from '../../ui/text.tsx'
import { Clock, Relative } from '../../ui/time.tsx'
import { settingsContext } from './store.ts'

/** Whether the API answers over TLS, and with which certificate. */
export function ApiTls() {
  const info = dataOf(systemContext.useState((state) => state.info))
  const host = useSetting('api.host')
  if (!info) return null
  return <Section title="TLS">{info.tls ? <Certificate tls={info.tls} /> : <InClear host={host} />}</Section>
}

const useSetting = (key: string): string | null =>
  settingsContext.useState(({ settings }) => {
    const value = dataOf(settings)?.settings.find((setting) => setting.key === key)?.value
    return typeof value === 'string' ? value : null
  })

const LOOPBACK = /^(127\.|::1$|localhost$)/

const InClear = ({ host }: { host: string | null }) =>
  host === null || LOOPBACK.test(host) ? (
    <p>
      Off: the API answers in clear, to this machine only. <span className="t3">Beyond it TLS is on.</span>
    </p>
  ) : (
    <p className="warn">Off: tokens cross the network in clear. Set TLS to on below.</p>
  )

function Certificate({ tls: { own, fingerprint, validUntil } }: { tls: TlsInfo }) {
  const file = useSetting('api.tls.cert')
  return (
    <>
      <p className="settings-tls-what">
        {own ? 'On, with your own certificate.' : 'On, with a certificate that this node made.'}{' '}
        {!own && (
          <span className="t2">
            Browsers warn of it: compare the fingerprint there before you go on. Nodes that join get it with
            their token.
          </span>
        )}
      </p>
      <dl className="facts">
        {own && file && <Fact name="File">{<Code>{file}</Code>}</Fact>}
        <Fact name="SHA-256">
          <Fingerprint text={fingerprint} />
        </Fact>
        <Fact name="Holds until">
          <HoldsUntil at={validUntil} own={own} />
        </Fact>
      </dl>
    </>
  )
}

const Fact = ({ name, children }: { name: string; children: ReactNode }) => (
  <>
    <dt>{name}</dt>
    <dd>{children}</dd>
  </>
)

const Fingerprint = ({ text }: { text: string }) => (
  <span className="settings-tls-print">
    <code className="mono">{text}</code>
    <CopyButton value={text}>
      {({ copied, copy }) => (
        <Button
          size="compact-xs"
          aria-label={copied ? 'Copied the fingerprint' : 'Copy the fingerprint'}
          onClick={copy}
        >
          {copied ? 'Copied' : 'Copy'}
        </Button>
      )}
    </CopyButton>
  </span>
)

/** Time enough for whoever orders a certificate; the doctor warns from then on too. */
const SOON_MS = 14 * 86_400_000

function HoldsUntil({ at, own }: { at: string; own: boolean }) {
  const soon = Date.parse(at) - useNow() < SOON_MS
  if (!soon) return <Clock at={at} />
  return (
    <span className="warn">
      <Clock at={at} />, <Relative at={at} />:{' '}
      {own
        ? 'put a new one in place of its files; it is used within a minute'
        : 'a restart of the node makes a new one'}
      .
    </span>
  )
}
