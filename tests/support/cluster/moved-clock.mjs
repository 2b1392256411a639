/*
 * `node --import moved-clock.mjs`: the process tells a time that is off by the milliseconds in the file named by
 * MOVED_CLOCK, as on a machine whose clock is wrong, and follows when the file changes. Nodes started by a process
 * that has it (the supervisor, scripts) have it too. The monotonic time stays right, as it does on Linux.
 */
import { execPath } from 'node:process'
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const file = process.env.MOVED_CLOCK
const RealDate = globalThis.Date
const FRESH_MS = 100

let offset = 0
let readAt = -FRESH_MS
const moved = () => {
  if (performance.now() - readAt < FRESH_MS) return offset
  readAt = performance.now()
  // Half written, it is read again in a moment.
  const read = Number(readFileSync(file, 'utf8').trim())
  if (Number.isFinite(read)) offset = read
  return offset
}

if (file && existsSync(file)) {
  globalThis.Date = class Date extends RealDate {
    constructor(...parts) {
      if (parts.length === 0) super(RealDate.now() + moved())
      else super(...parts)
    }
    static now() {
      return RealDate.now() + moved()
    }
  }
  // Children get a bare environment: what starts them says it again.
  const wrapper = join(dirname(file), 'node')
  const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`
  const self = fileURLToPath(import.meta.url)
  if (!execPath.startsWith(dirname(file))) {
    const line = `MOVED_CLOCK=${quoted(file)} exec ${quoted(execPath)} --import ${quoted(self)} "$@"`
    writeFileSync(wrapper, `#!/bin/sh\n${line}\n`)
    chmodSync(wrapper, 0o755)
    process.execPath = wrapper
  }
}
