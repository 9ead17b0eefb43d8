import { expect, test } from 'vitest'
import type { OrgId } from '../ids.ts'
import { createDueList } from './due-list.ts'
import type { ClaimedJob } from './queries.ts'
import { createTurns, type DueWork } from './turns.ts'

const due = (part: string): DueWork => ({ orgId: 'o' as OrgId, lane: 2, part, isLapsed: false })
const claimed = (id: string): ClaimedJob[] => [
  { orgId: 'o' as OrgId, id, kind: 'k', payload: {}, attempt: 1, owner: 'w' },
]

test('NFR-003.1 claims of a moment share one reading, and each takes the part that was served longest ago', async () => {
  let readings = 0
  const list = createDueList(
    async () => {
      readings += 1
      return [due('a'), due('b'), due('c')]
    },
    createTurns(),
    60_000,
  )
  const taken: string[] = []
  const take = async ({ part }: DueWork): Promise<ClaimedJob[]> => {
    taken.push(part)
    return claimed(part)
  }
  await Promise.all([list.claim(take), list.claim(take)])
  await list.claim(take)
  await list.claim(take)
  expect(taken).toEqual(['a', 'b', 'c', 'a'])
  expect(readings).toBe(1)
})

test('what nobody can claim is passed over once, and nothing is claimed where all of it is in other hands', async () => {
  const list = createDueList(async () => [due('a'), due('b')], createTurns(), 60_000)
  const asked: string[] = []
  const refused = await list.claim(async ({ part }) => {
    asked.push(part)
    return []
  })
  expect([refused, asked]).toEqual([[], ['a', 'b']])
  expect(await list.claim(async ({ part }) => (part === 'b' ? claimed('b') : []))).toEqual(claimed('b'))
})

test('a list that is used up is read again in the same call', async () => {
  const readings = [[due('a')], [due('b')]]
  const list = createDueList(async () => readings.shift() ?? [], createTurns(), 60_000)
  const only =
    (wanted: string) =>
    async ({ part }: DueWork) =>
      part === wanted ? claimed(part) : []
  expect(await list.claim(only('a'))).toEqual(claimed('a'))
  expect(await list.claim(only('b'))).toEqual(claimed('b'))
  expect(await list.claim(only('c'))).toEqual([])
})
