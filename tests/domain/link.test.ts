import { describe, expect, it } from 'vitest'
import { linkTo, parseLink } from '../../src/shared/domain/link.ts'

const ID = '0190aaaa-1111-7000-8000-000000000001'

describe('links', () => {
  it.each([
    [linkTo('task', ID), ['tasks', ID]],
    [linkTo('node', ID), ['nodes', ID]],
    [linkTo('run', ID), ['history', ID]],
    [linkTo('change', ID), ['changes', ID]],
    ['pswebhost://view/overview', ['overview']],
    // Browsers put a slash behind what they take for a host and a path.
    [`pswebhost://task/${ID}/`, ['tasks', ID]],
  ])('%s leads to its page', (link, path) => {
    expect(parseLink(link)).toEqual({ path })
  })

  it.each([
    'https://example.com/',
    'pswebhost:task/1',
    'pswebhost://task/',
    'pswebhost://task/1/run',
    'pswebhost://task/1?ask=stop',
    'pswebhost://task/1#/settings',
    'pswebhost://task/..%2f..%2fsettings',
    'pswebhost://exec/calc',
    'pswebhost://view/Settings/api',
    'pswebhost://view/12',
    'pswebhost://constructor/1',
    'javascript:alert(1)',
    'pswebhost://task/1\nhttps://example.com',
    `pswebhost://task/${'a'.repeat(65)}`,
  ])('%j is refused, with the forms that there are', (text) => {
    const link = parseLink(text)
    expect(link).toHaveProperty('problem')
    expect(JSON.stringify(link)).toContain('pswebhost://change/ID')
  })

  it('shows no more of a wrong one than can be read', () => {
    const { problem } = parseLink(`pswebhost://${'x'.repeat(5000)}`) as { problem: string }
    expect(problem.length).toBeLessThan(300)
  })
})
