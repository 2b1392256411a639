import { z } from 'zod'
import { isHiddenSecret, isWrittenSecret } from './secret.ts'
import { refusedEnvironmentName } from './environment.ts'

/** `environment`: names a shell accepts, values text or secret; names that would subvert a run are refused. */
export const environmentSchema = z
  .record(
    z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,199}$/, 'must be a variable name: letters, digits and _'),
    z.union([
      z.string().max(100_000),
      z.custom<{ secret: string } | { secret: true }>(
        (value) => isWrittenSecret(value) || isHiddenSecret(value),
        'must be text or { "secret": "text" }',
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
