import { beforeAll, expect, test } from 'vitest'
import { createContact } from '../../contacts/index.ts'
import { newId } from '../../platform/ids.ts'
import { harness, type Harness } from '../../testing/harness.ts'
import type { TestOrganization } from '../../testing/organization.ts'
import { freezeLinks, linkSigner, recordMessages, type MessageLinks } from '../../tracking/index.ts'
import { mailSource } from '../schema.ts'
import { createMailVersion } from './versions.ts'

let h: Harness
let org: TestOrganization
let serial = 0
beforeAll(async () => {
  h = await harness()
  org = await h.organization()
})

/** A mail to somebody, with a link that names them. */
async function mailed(firstName: string, words = ''): Promise<MessageLinks> {
  const now = h.clock.now()
  const { id: contactId } = await createContact(
    org.systemCtx,
    { email: `reader${(serial += 1)}@example.com`, firstName },
    'manual',
  )
  const version = await createMailVersion(
    org.ctx,
    mailSource.parse({
      subject: 'Hello',
      fromName: 'Atelier',
      fromEmail: 'hello@atelier.example',
      format: 'html',
      body: `<p>Dear {{ contact.first_name | default: "friend" }}</p><p>${words}</p><p><a href="https://shop.example/for?name={{ contact.first_name }}">Your shop</a></p>`,
    }),
  )
  await freezeLinks(
    org.systemCtx,
    version.id,
    version.links.map(({ index, url, label }) => ({ linkNo: index, url, label })),
  )
  const run = {
    campaignId: newId<'campaign'>(now),
    runId: newId<'run'>(now),
    channel: 'email',
    month: '2026-11-01',
  }
  const signer = await linkSigner(org.systemCtx, { ...run, versionId: version.id }, version.links.length)
  await recordMessages(org.systemCtx, run, 1, [{ contactId, state: 'sent', reason: null }])
  return signer.linksFor(contactId)
}

const get = (url: string) => h.request({ url: new URL(url).pathname })

test('a mail is shown in the browser as its recipient got it, without pixel and out of reach of our pages', async () => {
  const links = await mailed('Zoé')
  const page = await get(links.view)
  expect(page.statusCode).toBe(200)
  expect(page.body).toContain('Dear Zoé')
  expect(page.body).toContain(links.unsubscribe)
  expect(page.body).not.toContain('/o/')
  expect(page.headers['content-security-policy']).toMatch(/^sandbox /)
})

test('PC-26 ASVS 3.7.2 a link with a value leads to its own place, whatever the value is', async () => {
  expect((await get((await mailed('Ana&x=1')).clicks[0] ?? '')).headers['location']).toBe(
    'https://shop.example/for?name=Ana%26x%3D1',
  )
  const evil = await mailed('@evil.example/')
  expect(new URL(String((await get(evil.clicks[0] ?? '')).headers['location'])).host).toBe('shop.example')
})

test('a mail that speaks of an event or of data in its own words is shown again like any other', async () => {
  const links = await mailed(
    'Zoé',
    'Come to our event. {{ contact.city | default: "Paris" }} keeps your data. See you!',
  )
  expect((await get(links.view)).body).toContain('Come to our event. Paris keeps your data. See you!')
})
