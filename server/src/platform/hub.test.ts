import { expect, test } from 'vitest'
import { testPlatform } from '../testing/test-platform.ts'
import { createHub } from './hub.ts'
import { newId, type OrgId } from './ids.ts'

const { platform, clock, connection } = await testPlatform()
const newOrg = (): OrgId => newId<'organization'>(clock.now())

test('a hub that is closed while it connects ends at once', async () => {
  const hub = createHub(connection, platform.log)
  await hub.close()
  expect(
    await Promise.race([
      hub.close().then(() => 'closed'),
      new Promise((resolve) => setTimeout(resolve, 5_000, 'hangs')),
    ]),
  ).toBe('closed')
})

test('CS-011.4 NFR-003.4 what one process publishes, the screens of another hear, only those of the organization', async () => {
  const [mine, theirs] = [newOrg(), newOrg()]
  const other = createHub(connection, platform.log)
  const heard: string[] = []
  const first = Promise.withResolvers<void>()
  other.subscribe(mine, ({ topic }) => {
    heard.push(topic)
    first.resolve()
  })
  // Until the other one listens, its word is lost, as any notification may be.
  const again = setInterval(() => {
    platform.hub.publish(theirs, 'campaign:theirs', {})
    platform.hub.publish(mine, 'campaign:mine', { at: 1 })
  }, 20)
  await first.promise
  clearInterval(again)
  await other.close()
  expect(new Set(heard)).toEqual(new Set(['campaign:mine']))
})
