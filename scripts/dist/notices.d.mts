/* Types of notices.mjs for the tests of packaging. */
export interface Party {
  name: string
  version: string
  identifier?: string
  text?: string
}
export declare function noticesText(parties: Party[]): string
