import { readFile } from 'node:fs/promises'
import type { Span } from '../checker/facts.ts'

/**
 * Scripts that write what they do into one file, a line at a time: so it is known what ran, whatever the history
 * says. Bash alone, no other program: `$EPOCHREALTIME` is the machine's own time, whatever its node believes.
 */

/** @param body may ask `isFirst`: no script wrote before it, and say `alive`; its exit code is the script's. */
export const loggingScript = (logFile: string, body: string): string => `
log() { printf '%s %s %s %s %s %s\\n' "$1" "$PSWEBHOST_HISTORY_ID" "$PSWEBHOST_NODE_NAME" $$ "\${EPOCHREALTIME/[.,]/}" "\${2:--}" >> '${logFile}'; }
alive() { log alive; }
isFirst() { [ "$(grep -c '^start ' '${logFile}')" -le 1 ]; }
work() { ${body}
}
log start
work; code=$?
log end $code
exit $code
`

/** Lives for so long, showing it five times a second; then ends with `code`. */
export const lasting = (seconds: number, code = 0): string =>
  seconds < 0.2
    ? `return ${code}`
    : `for i in $(seq ${Math.round(seconds * 5)}); do sleep 0.2; alive; done; return ${code}`

/** The first script of a cluster lives so long, those after it a little shorter. */
export const firstLasting = (seconds: number, others: number): string =>
  `isFirst || { ${lasting(others)}; }; ${lasting(seconds)}`

/** What the scripts wrote so far. */
export const readSpans = async (logFile: string): Promise<Span[]> => {
  const text = await readFile(logFile, 'utf8').catch(() => '')
  const spans = new Map<string, Span>()
  // Only whole lines: the last one may be half written.
  for (const line of text
    .slice(0, text.lastIndexOf('\n') + 1)
    .split('\n')
    .filter(Boolean)) {
    const [what, historyId = '', node = '', pid = '', micros = '', code = ''] = line.split(' ')
    const at = Number(micros) / 1000
    const key = `${historyId} ${pid}`
    const span = spans.get(key)
    if (what === 'start' || !span)
      spans.set(key, {
        ...{ historyId, node, pid: Number(pid), startedAt: at, seenAt: at },
        ...{ endedAt: null, exitCode: null },
      })
    else {
      span.seenAt = at
      if (what === 'end') {
        span.endedAt = at
        span.exitCode = Number(code)
      }
    }
  }
  return [...spans.values()]
}
