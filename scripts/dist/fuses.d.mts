/* Types of fuses.mjs for the tests of packaging. */
import type { FuseV1Options } from '@electron/fuses'

export declare const FUSES: Partial<Record<FuseV1Options, boolean>>
