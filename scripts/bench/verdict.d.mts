/* Types of verdict.mjs for its test. */
export declare function verdictOf(ran: {
  files: string[]
  rows: { bench: string; line: string; ok: boolean }[]
  failures: string[]
}): { lines: string[]; code: 0 | 1 }
