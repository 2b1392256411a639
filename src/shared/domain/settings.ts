import { z } from 'zod'

/** GET and PUT /settings: the configuration of the node that answers (its app.yaml), key by key. */

const scalar = z.union([z.string(), z.number(), z.boolean()])
export const settingValueSchema = z.union([scalar, z.array(scalar), z.null()])
export type SettingValue = z.infer<typeof settingValueSchema>

/** Why a key cannot be changed here; null: it can. */
export const SETTING_LOCKS = ['local', 'database', 'registered', 'version'] as const
export type SettingLock = (typeof SETTING_LOCKS)[number]

export const settingSchema = z.object({
  /** The path in app.yaml: `retention.historyDays`. */
  key: z.string(),
  /** What the file says now, or the default. */
  value: settingValueSchema,
  default: settingValueSchema,
  /** It stands in the file. */
  given: z.boolean(),
  /** The file says something else than what the node was started with. */
  needsRestart: z.boolean(),
  /**
   * `local`: only in the file or the desktop window of the node's own machine. `database`: in the file, until the
   * database can be exchanged here. `registered`: a start value; what holds is the node's own record.
   * `version`: this version has no choice.
   */
  lock: z.enum(SETTING_LOCKS).nullable(),
})
export type Setting = z.infer<typeof settingSchema>

export const settingsSchema = z.object({
  file: z.string(),
  /** Sent back with a change, which fails when the file is another by then. */
  version: z.string(),
  settings: z.array(settingSchema),
})
export type Settings = z.infer<typeof settingsSchema>

export const settingsInputSchema = z.strictObject({
  version: z.string().max(64),
  values: z
    .record(z.string().max(100), settingValueSchema)
    .refine((values) => Object.keys(values).length > 0, 'name at least one key'),
})
export type SettingsInput = z.infer<typeof settingsInputSchema>
