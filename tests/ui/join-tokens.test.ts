import { expect, it } from 'vitest'
import type { JoinToken } from '../../src/shared/domain/cluster.ts'
import { AppError } from '../../src/shared/domain/errors.ts'
import { isoOf, systemClock } from '../../src/main/platform/clock.ts'
import { thisNode } from '../support/memory-records.ts'
import { describeWindow } from './window.ts'

const inMinutes = (minutes: number): string => isoOf(systemClock.now() + minutes * 60_000)

const token = (joinTokenId: string, part: Partial<JoinToken> = {}): JoinToken => ({
  ...{ joinTokenId, createdBy: 'm.keller', createdAt: inMinutes(-8), expiresAt: inMinutes(52) },
  ...{ usedAt: null, usedByNodeId: null },
  ...part,
})

describeWindow('join tokens under Nodes', (open) => {
  it('tell who made them, until when they hold and whom they let in; those that ended are gone', async () => {
    const { page, node, go, errors } = await open()
    const desk = thisNode().nodeId
    node.services.joinTokens.list = async () => [
      token('t1'),
      token('t2', { createdBy: 'a.weber', usedAt: inMinutes(-2), usedByNodeId: desk }),
      token('t3', { createdBy: 'j.novak', expiresAt: inMinutes(-1) }),
    ]
    await go('nodes')
    const lines = page.getByRole('list', { name: 'Join tokens' }).getByRole('listitem')
    await lines.first().waitFor()
    expect(await lines.count()).toBe(2)
    expect(await lines.nth(0).textContent()).toMatch(
      /m\.keller.*not used yet.*until (\w{3} )?\d\d:\d\d.*in 5\d.m/,
    )
    expect(await lines.nth(1).textContent()).toMatch(/a\.weber.*used once, by desk/)
    await page.getByText('1 open').waitFor()
    expect(errors).toEqual([])
  })

  it('are revoked after a question; what was refused is said and the token stays', async () => {
    const { page, node, go } = await open()
    let tokens = [token('t1'), token('t2', { createdBy: 'a.weber' })]
    const revoked: string[] = []
    node.services.joinTokens.list = async () => tokens
    node.services.joinTokens.revoke = async (_, id) => {
      revoked.push(id)
      if (id === 't2') throw new AppError('CONFLICT', 'It is in use right now.')
      tokens = tokens.filter(({ joinTokenId }) => joinTokenId !== id)
    }
    await go('nodes')
    const lines = page.getByRole('list', { name: 'Join tokens' }).getByRole('listitem')
    await lines.nth(1).getByRole('button', { name: 'Revoke…' }).click()
    expect(revoked).toEqual([])
    await lines.nth(1).getByRole('button', { name: 'Revoke', exact: true }).click()
    await page.getByText('It is in use right now.').waitFor()
    expect(await lines.count()).toBe(2)

    await lines.nth(0).getByRole('button', { name: 'Revoke…' }).click()
    await lines.nth(0).getByRole('button', { name: 'Revoke', exact: true }).click()
    await page.getByText('The join token is revoked').waitFor()
    await expect.poll(() => lines.count()).toBe(1)
    expect(revoked).toEqual(['t2', 't1'])
  })
})
