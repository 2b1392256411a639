/**
 * How long after its slot a run may start, from 0 up to but not including `jitterSeconds`, in ms. Always
 * the same for one seed (the TaskID) and slot, so that every node computes the same delay.
 */
export function jitterMs(seed: string, at: number, jitterSeconds: number): number {
  const fraction = hash32(`${seed}|${at}`) / 2 ** 32
  return Math.floor(fraction * Math.max(0, jitterSeconds) * 1000)
}

/** FNV-1a with murmur's finish: seeds and slots differ in a few last characters and must still spread evenly. */
function hash32(text: string): number {
  let hash = 0x811c9dc5
  for (let index = 0; index < text.length; index++)
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}
