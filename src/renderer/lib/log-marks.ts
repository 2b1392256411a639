import { stripAnsi } from './ansi.ts'

const ERROR = /\b(ERROR|Error|FATAL|CRITICAL|Traceback|Exception)\b/
const WARNING = /\b(WARN|WARNING|Warning)\b/

/** What a line of output is about, told by the words that scripts use. */
export const markOf = (text: string): 'error' | 'warning' | '' => {
  const plain = stripAnsi(text)
  return ERROR.test(plain) ? 'error' : WARNING.test(plain) ? 'warning' : ''
}
