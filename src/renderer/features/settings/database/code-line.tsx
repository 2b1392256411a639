import { Button, CopyButton } from '@mantine/core'

/** A statement to be run elsewhere: as it is, and copied with one press. */
export const CodeLine = ({ text, what }: { text: string; what: string }) => (
  <span className="code-line">
    <code className="mono">{text}</code>
    <CopyButton value={text}>
      {({ copied, copy }) => (
        <Button aria-label={`Copy what mends ${what}`} onClick={copy}>
          {copied ? 'Copied' : 'Copy'}
        </Button>
      )}
    </CopyButton>
  </span>
)
