import { Button, PasswordInput } from '@mantine/core'
import { useState, type FormEvent } from 'react'
import { Code } from '../ui/text.tsx'

interface TokenFormProps {
  /** Why the last token was refused. */
  reason: string | null
  onToken: (token: string) => void
}

/** What the console asks first. The token stays in this tab only. */
export function TokenForm({ reason, onToken }: TokenFormProps) {
  const [text, setText] = useState('')
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (text.trim()) onToken(text.trim())
  }
  return (
    <main className="token-page">
      <form className="token-form" onSubmit={submit}>
        <h1>Who is asking?</h1>
        <p className="t2">
          This node shows its tasks to holders of a token. The first one is in <Code>admin.token</Code> in its
          data folder; <Code>token create --role viewer</Code> makes others.
        </p>
        <PasswordInput
          label="Token"
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          error={reason}
          autoComplete="off"
          data-autofocus
          autoFocus
        />
        <div className="row">
          <Button type="submit" variant="filled" disabled={text.trim() === ''}>
            Open the console
          </Button>
          <span className="t3 small">Kept for this tab, forgotten when it closes.</span>
        </div>
      </form>
    </main>
  )
}
