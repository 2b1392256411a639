import { z } from 'zod'
import { idSchema, isoTimeSchema, looseTimeSchema, nameSchema } from './fields.ts'

/** Who may do what: viewer reads; operator also runs, stops and drains; admin does the rest. */
export const ROLES = ['viewer', 'operator', 'admin'] as const
export type Role = (typeof ROLES)[number]

export const allows = (has: Role, needs: Role): boolean => ROLES.indexOf(has) >= ROLES.indexOf(needs)

export const tokenSchema = z.object({
  tokenId: idSchema,
  tokenName: z.string(),
  role: z.enum(ROLES),
  createdBy: z.string().nullable(),
  createdAt: isoTimeSchema,
  expiresAt: isoTimeSchema.nullable(),
  revokedAt: isoTimeSchema.nullable(),
})
export type ApiToken = z.infer<typeof tokenSchema>

export const tokenInputSchema = z.strictObject({
  role: z.enum(ROLES),
  name: nameSchema(200).optional(),
  expiresAt: looseTimeSchema.nullable().default(null),
})
export type TokenInput = z.infer<typeof tokenInputSchema>

/** The token's text is shown once, in the answer that creates it. */
export const createdTokenSchema = tokenSchema.extend({ token: z.string() })
export type CreatedToken = z.infer<typeof createdTokenSchema>
