import { createHash, generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto'
import { isIP } from 'node:net'
import {
  bits,
  explicit,
  identifier,
  implicit,
  integer,
  octets,
  sequence,
  set,
  time,
  truth,
  utf8,
} from './der.ts'

/*
 * A certificate that signs itself: one fixed shape (RFC 5280, version 3, EC P-256), so forty lines over Node's
 * own crypto instead of a library with a score of packages, a container and a patched global.
 */

export interface SelfSigned {
  /** PEM. */
  cert: string
  key: string
}

export interface SelfSignedOptions {
  commonName: string
  /** Names and addresses it is for; what is neither is left out. */
  hosts: readonly string[]
  from: Date
  until: Date
}

const ECDSA_SHA256 = sequence(identifier('1.2.840.10045.4.3.2'))
const COMMON_NAME = identifier('2.5.4.3')
const BASIC_CONSTRAINTS = identifier('2.5.29.19')
const KEY_IDENTIFIER = identifier('2.5.29.14')
const EXTENDED_USAGE = identifier('2.5.29.37')
const ALTERNATIVE_NAMES = identifier('2.5.29.17')
const SERVER_AUTH = identifier('1.3.6.1.5.5.7.3.1')

const DNS_NAME = 2
const IP_ADDRESS = 7
const LONGEST_COMMON_NAME = 64

/** @throws RangeError when no host is a name or an address. */
export const makeSelfSigned = (options: SelfSignedOptions): SelfSigned => {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const inner = certificateBody(options, publicKey)
  const signature = sign('sha256', inner, privateKey)
  const certificate = sequence(inner, ECDSA_SHA256, bits(signature))
  return { cert: pem(certificate), key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() }
}

const pem = (certificate: Buffer): string => {
  const lines = certificate.toString('base64').match(/.{1,64}/g) ?? []
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n')
}

const certificateBody = ({ commonName, hosts, from, until }: SelfSignedOptions, key: KeyObject): Buffer => {
  const info = key.export({ type: 'spki', format: 'der' })
  const name = sequence(set(sequence(COMMON_NAME, utf8(commonName.slice(0, LONGEST_COMMON_NAME)))))
  return sequence(
    explicit(0, integer(Buffer.from([2]))),
    // Half the bytes that are allowed, and still never the same twice.
    integer(randomBytes(10)),
    ECDSA_SHA256,
    name,
    sequence(time(from), time(until)),
    name,
    info,
    explicit(3, sequence(...extensions(hosts, info))),
  )
}

/** Not an authority: whoever trusts it trusts this one node, whatever becomes of its key. */
const extensions = (hosts: readonly string[], info: Buffer): Buffer[] => [
  sequence(BASIC_CONSTRAINTS, truth(), octets(sequence())),
  sequence(KEY_IDENTIFIER, octets(octets(createHash('sha1').update(info).digest()))),
  sequence(EXTENDED_USAGE, octets(sequence(SERVER_AUTH))),
  sequence(ALTERNATIVE_NAMES, octets(alternativeNames(hosts))),
]

const alternativeNames = (hosts: readonly string[]): Buffer => {
  const names = [...new Set(hosts)].flatMap((host) => {
    if (isIP(host) !== 0) return [implicit(IP_ADDRESS, addressBytes(host))]
    return /^[a-z\d]([\w.-]{0,251}[a-z\d])?$/i.test(host) ? [implicit(DNS_NAME, Buffer.from(host))] : []
  })
  if (names.length === 0) throw new RangeError('a certificate needs a name or an address')
  return sequence(...names)
}

const addressBytes = (address: string): Buffer => {
  if (isIP(address) === 4) return Buffer.from(address.split('.').map(Number))
  // A URL writes an address with hexadecimal groups only, whatever form it was given in.
  const [head = '', tail] = new URL(`http://[${address.split('%')[0]}]`).hostname.slice(1, -1).split('::')
  const groups = (text: string): string[] => text.split(':').filter((group) => group !== '')
  const [before, after] = [groups(head), groups(tail ?? '')]
  const zeros = new Array<string>(tail === undefined ? 0 : 8 - before.length - after.length).fill('0')
  return Buffer.from([...before, ...zeros, ...after].map((group) => group.padStart(4, '0')).join(''), 'hex')
}
