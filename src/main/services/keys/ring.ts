import { AppError } from '../../../shared/domain/errors.ts'
import { keyIdOf, openText, sealText, type ValueKey } from '../../platform/secrets/seal.ts'
import type { SecretCodec } from './values.ts'

/** A cluster key as this node holds it, in memory only. */
export interface HeldKey extends ValueKey {
  createdAt: string
  /** Retired keys open what they sealed, and seal nothing new. */
  retiredAt: string | null
}

/** Whether this node can seal and open secret values; the reason goes into 'why not here'. */
export type KeyState = { available: true; keyId: string } | { available: false; reason: string }

export interface KeyRing extends SecretCodec {
  readonly state: KeyState
  readonly held: readonly HeldKey[]
  /** Replaces the keys, oldest first; `why` is said when none of them can seal. */
  take: (keys: readonly HeldKey[], why: string) => KeyState
}

const reasonOf = (state: KeyState, otherwise: string): string => (state.available ? otherwise : state.reason)

export const createKeyRing = (): KeyRing => {
  let held: readonly HeldKey[] = []
  let state: KeyState = { available: false, reason: 'the cluster key was not read yet' }
  /** The newest key in use. */
  const active = (): HeldKey | undefined => held.findLast((key) => key.retiredAt === null)

  const open = (sealed: string): string => {
    const keyId = keyIdOf(sealed)
    const key = held.find((candidate) => candidate.keyId === keyId)
    const text = key ? openText(key, sealed) : null
    if (text !== null) return text
    if (key)
      throw new AppError('UNAVAILABLE', 'A stored secret was altered and does not open; write it once more.')
    const reason = reasonOf(state, `its key ${keyId ?? ''} is not on this node`)
    throw new AppError('UNAVAILABLE', `A stored secret does not open here: ${reason}.`)
  }

  return {
    get state() {
      return state
    },
    get held() {
      return held
    },
    take: (keys, why) => {
      held = keys
      const key = active()
      state = key ? { available: true, keyId: key.keyId } : { available: false, reason: why }
      return state
    },
    seal: (text) => {
      const key = active()
      if (key) return sealText(key, text)
      throw new AppError('UNAVAILABLE', `A secret value cannot be stored here: ${reasonOf(state, '')}.`)
    },
    open,
  }
}
