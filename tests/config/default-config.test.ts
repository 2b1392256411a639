import { parse, parseDocument } from 'yaml'
import { describe, expect, it } from 'vitest'
import { DEFAULT_CONFIG } from '../../src/main/config/default-config.ts'
import { editDistance } from '../../src/shared/domain/edit-distance.ts'
import { knownKeys, leafPaths, nearestKey } from '../../src/main/config/known-keys.ts'
import { configSchema } from '../../src/main/config/schema.ts'

const uncommented = DEFAULT_CONFIG.replace(/^( *)#(?=\S)/gm, '$1')

const withoutEmpty = (value: unknown): unknown =>
  typeof value !== 'object' || value === null || Array.isArray(value)
    ? value
    : Object.fromEntries(
        Object.entries(value).flatMap(([key, inner]) => (inner === null ? [] : [[key, withoutEmpty(inner)]])),
      )

describe('the app.yaml of a first start', () => {
  it('holds nothing but groups while every default is commented out', () => {
    expect(withoutEmpty(parse(DEFAULT_CONFIG))).toEqual({
      database: { connection: {} },
      api: {},
      execution: {},
      sync: {},
    })
  })

  it('shows every key of the schema', () => {
    const document = parseDocument(uncommented)
    for (const path of leafPaths(knownKeys()))
      expect([path.join('.'), document.hasIn(path)]).toEqual([path.join('.'), true])
  })

  it('changes nothing when every # is taken away', () => {
    expect(configSchema.parse(withoutEmpty(parse(uncommented)))).toEqual(configSchema.parse({}))
  })

  it('keeps lines readable in a terminal', () => {
    for (const line of DEFAULT_CONFIG.split('\n')) expect(line.length).toBeLessThanOrEqual(120)
  })
})

describe('the nearest key', () => {
  it('counts single characters put in, left out or exchanged', () => {
    expect(editDistance('kitten', 'sitting')).toBe(3)
    expect(editDistance('', 'abc')).toBe(3)
    expect(editDistance('same', 'same')).toBe(0)
  })

  it('prefers a neighbour to an equal distance elsewhere, and finds a key put into the wrong group', () => {
    expect(nearestKey(knownKeys(), ['database', 'connection', 'ports'])).toBe('database.connection.port')
    expect(nearestKey(knownKeys(), ['api', 'ports'])).toBe('api.port')
    expect(nearestKey(knownKeys(), ['leaseSeconds'])).toBe('cluster.leaseSeconds')
  })
})
