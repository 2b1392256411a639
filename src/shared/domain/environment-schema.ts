import { z } from 'zod'
import { isHiddenSecret, isWrittenSecret } from './secret.ts'
import { refusedEnvironmentName } from './environment.ts'

/** Systems take no longer one (Linux: 128 KB with its name). */
const LONGEST = 100_000

/** `environment`: names a shell accepts, values text or secret; names that would subvert a run are refused. */
export const environmentSchema = z
  .record(
    z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,199}$/, 'must be a variable name: letters, digits and _'),
    z.union([
      z
        .string()
        .max(LONGEST)
        .regex(/^[^\0]*$/, 'must not contain NUL'),
      z.custom<{ secret: string } | { secret: true }>(
        (value) => isHiddenSecret(value) || (isWrittenSecret(value) && value.secret.length <= LONGEST),
        'must be text or { "secret": "text" }, at most 100000 characters without NUL',
      ),
    ]),
  )
  .superRefine((values, ctx) => {
    for (const name of Object.keys(values)) {
      const reason = refusedEnvironmentName(name)
      if (reason) ctx.addIssue({ code: 'custom', path: [name], message: reason })
    }
  })
export type Environment = z.infer<typeof environmentSchema>
