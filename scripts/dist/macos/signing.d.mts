/* Types of signing.mjs for the tests of packaging. */
type Env = Record<string, string | undefined>

export declare function macosSigning(
  root: string,
  env?: Env,
): { osxSign?: { identity: string }; osxNotarize?: Record<string, string> }
export declare function notarizeCommands(file: string, env?: Env): [command: string, args: string[]][]
