import { describe, expect, it } from 'vitest'
import { search, type SearchClient } from '../../src/renderer/palette/search.ts'
import { AppError } from '../../src/shared/domain/errors.ts'
import { aTask, clientOf } from './support.ts'

const ID = '0190aaaa-1111-7000-8000-000000000001'
const signal = new AbortController().signal
const texts = { appName: '', scriptPath: 'x.sh', tags: [] }
const task = (taskName: string) => aTask({ taskName, ...texts })

interface Asked {
  search?: string
  cursor?: string
}

/** Answers tasks by what is looked for, a page a cursor, as a search of a large cluster does: some are empty. */
const pagesOf = (pages: Record<string, string[][]>) => {
  const asked: Asked[] = []
  const list = async ({ search: text = '', cursor = '0' }: Asked) => {
    asked.push({ search: text, cursor })
    const all = pages[text] ?? []
    const at = Number(cursor)
    return { items: (all[at] ?? []).map(task), nextCursor: at + 1 < all.length ? String(at + 1) : null }
  }
  return { asked, client: clientOf<SearchClient>({ tasks: { list } }) }
}

const namesOf = async (client: SearchClient, text: string): Promise<string[]> =>
  (await search(client, { mode: 'all', text }, signal)).tasks.map(({ taskName }) => taskName)

describe('searching from the palette', () => {
  it('reads on while pages come back short, and no further than it needs', async () => {
    const { client, asked } = pagesOf({ sap: [[], [], ['SAP 1'], Array<string>(9).fill('SAP 2'), ['SAP 3']] })
    expect(await namesOf(client, 'sap')).toHaveLength(8)
    expect(asked.map(({ cursor }) => cursor)).toEqual(['0', '1', '2', '3'])
  })

  it('gives up after a bounded number of pages', async () => {
    const { client, asked } = pagesOf({ zebra: Array<string[]>(100).fill([]) })
    expect(await namesOf(client, 'zebra')).toEqual([])
    expect(asked.length).toBeLessThan(20)
  })

  it('puts those first that have the text in their name', async () => {
    const { client } = pagesOf({ sap: [['Archive', 'Export to SAP']] })
    expect(await namesOf(client, 'sap')).toEqual(['Export to SAP', 'Archive'])
  })

  it('finds words in any order, by the longest of them', async () => {
    const { client } = pagesOf({ orders: [['Export orders to SAP', 'Import orders']] })
    expect(await namesOf(client, 'sap orders')).toEqual(['Export orders to SAP'])
  })

  it('asks for whatever has an id, of every kind', async () => {
    const none = (): Promise<never> => Promise.reject(new AppError('NOT_FOUND', 'There is no such record.'))
    const client = clientOf<SearchClient>({
      tasks: { get: none },
      history: { get: async () => ({ historyId: ID }) },
      changes: { get: none },
    })
    const found = await search(client, { mode: 'all', text: ID.toUpperCase() }, signal)
    expect(found).toEqual({ tasks: [], runs: [{ historyId: ID }], changes: [] })
  })

  it('fails when the node does, and asks nothing for actions', async () => {
    const away = (): Promise<never> => Promise.reject(new AppError('UNAVAILABLE', 'The database is away.'))
    const client = clientOf<SearchClient>({ tasks: { list: away } })
    await expect(namesOf(client, 'sap')).rejects.toThrow('away')
    expect(await search(client, { mode: 'actions', text: 'sap' }, signal)).toEqual({
      ...{ tasks: [], runs: [], changes: [] },
    })
  })
})
