import { expect, it } from 'vitest'
import { joinTokensText } from '../../src/main/cli/text-joining.ts'
import type { JoinToken } from '../../src/shared/domain/cluster.ts'

const NOW = Date.parse('2026-11-30T12:00:00.000Z')
const token = (part: Partial<JoinToken>): JoinToken => ({
  ...{ joinTokenId: 'a', createdBy: 'admin', createdAt: '2026-11-30T11:00:00.000Z' },
  ...{ expiresAt: '2026-11-30T12:00:01.000Z', usedAt: null, usedByNodeId: null },
  ...part,
})

it('tells of each join token whether it still lets a node in', () => {
  const text = joinTokensText(
    [
      token({}),
      token({ expiresAt: '2026-11-30T12:00:00.000Z' }),
      token({ expiresAt: '2026-11-30T11:30:00.000Z', usedAt: '2026-11-30T11:10:00.000Z', usedByNodeId: 'n' }),
    ],
    NOW,
  )
  expect(text.split('\n').map((line) => line.replace(/^\S+ +\S+( BY)? +/, ''))).toEqual([
    'STATE',
    'until 2026-11-30T12:00:01.000Z',
    'expired 2026-11-30T12:00:00.000Z',
    'used 2026-11-30T11:10:00.000Z by n',
    '',
  ])
})
