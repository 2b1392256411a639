import { createHash } from 'node:crypto'
import { readFile, realpath } from 'node:fs/promises'
import { hostname, networkInterfaces } from 'node:os'

/*
 * Which machine and folder a node lives in. Of two nodes with one id (a copied data folder, a cloned machine) the
 * second one must be told from the first one that starts again.
 */

/** What containers, tunnels and bridges come and go with. */
const PASSING = /^(veth|docker|br-|virbr|tun|tap|wg|utun|lo)/

const NO_ADDRESS = '00:00:00:00:00:00'

const hardwareAddresses = (): string[] => {
  const found = Object.entries(networkInterfaces()).flatMap(([name, addresses]) =>
    PASSING.test(name) ? [] : (addresses ?? []).map(({ mac }) => mac),
  )
  return [...new Set(found.filter((mac) => mac !== NO_ADDRESS))].sort()
}

/** systemd's, which a clone of a machine may share; empty where there is none. */
const machineId = (): Promise<string> => readFile('/etc/machine-id', 'utf8').catch(() => '')

/** 64 hexadecimal digits, the same at every start from this folder on this machine. */
export const placeOf = async (dataDir: string): Promise<string> => {
  const folder = await realpath(dataDir).catch(() => dataDir)
  const facts = [hostname(), (await machineId()).trim(), ...hardwareAddresses(), folder]
  return createHash('sha256').update(facts.join('\n')).digest('hex')
}

/** Addresses other machines may reach this one by, IPv4 first, without those that end at this machine's link. */
export const ownAddresses = (): string[] =>
  Object.entries(networkInterfaces())
    .flatMap(([name, addresses]) => (PASSING.test(name) ? [] : (addresses ?? [])))
    .filter(({ internal, address }) => !internal && !address.startsWith('fe80:'))
    .sort((a, b) => a.family.localeCompare(b.family))
    .map(({ address }) => address)
