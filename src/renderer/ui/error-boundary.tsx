import { Button } from '@mantine/core'
import { Component, type ErrorInfo, type ReactNode } from 'react'

interface Props {
  children: ReactNode
  /** Changes when something else is looked at: then the view is tried again. */
  resetKey: string
  /** In place of what is usual: for a part that is no view. */
  instead?: (error: Error) => ReactNode
}
interface State {
  error: Error | null
}

/** A bug in one view leaves the rest of the window usable, and shows what to report. */
export class ErrorBoundary extends Component<Props, State> {
  override state: State = { error: null }

  static getDerivedStateFromError(thrown: unknown): State {
    return { error: thrown instanceof Error ? thrown : new Error(String(thrown)) }
  }

  override componentDidCatch(error: Error, info: ErrorInfo): void {
    // eslint-disable-next-line no-console -- the browser's console is the log of the window
    console.error(error, info.componentStack)
  }

  override componentDidUpdate(previous: Props): void {
    if (previous.resetKey !== this.props.resetKey && this.state.error) this.setState({ error: null })
  }

  override render(): ReactNode {
    const { error } = this.state
    if (!error) return this.props.children
    if (this.props.instead) return this.props.instead(error)
    return (
      <div className="empty" role="alert">
        <h2>This view stopped working</h2>
        <p className="t2">
          A bug of this program, not of your tasks: scripts go on. The message below helps to find it.
        </p>
        <code className="code">{error.message}</code>
        <div className="row">
          <Button onClick={() => this.setState({ error: null })}>Show the view again</Button>
        </div>
      </div>
    )
  }
}
