import { simpleParser } from 'mailparser'
import { afterAll, expect, test } from 'vitest'
import { testContacts } from '../../testing/audience.ts'
import { harness } from '../../testing/harness.ts'
import type { TestOrganization } from '../../testing/organization.ts'
import { startSmtpSink } from '../../testing/smtp-sink.ts'

const BROWSER = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0'
const HOUR_MS = 3_600_000
const PEOPLE = 500
const mails: { to: string; mail: Buffer }[] = []
const sink = await startSmtpSink({ onMail: ({ to }, mail) => void mails.push({ to, mail }) })
const h = await harness({ env: { SMTP_URL: `smtp://127.0.0.1:${sink.port}` } })
afterAll(() => sink.close())

const content = (subject: string) => ({
  email: {
    subject,
    fromName: 'Atelier',
    fromEmail: 'hello@atelier.example',
    format: 'html',
    body: '<html><body><p><a href="https://atelier.example/shop">Shop</a></p></body></html>',
  },
})

/** A test of two subjects that was sent; of the second, so many readers follow the link. */
async function tested(org: TestOrganization, followers: number): Promise<void> {
  await testContacts(org.systemCtx, {
    emails: Array.from({ length: PEOPLE }, (_, n) => `fan${n}@${org.orgId}.example`),
  })
  const { body } = await org.editor.post('/api/campaigns', {
    name: 'Sales',
    audience: { include: { rule: { all: [] } } },
    content: content('First'),
  })
  const written = await org.editor.post(`/api/campaigns/${body.id}/ab-test`, {
    variants: [{ name: 'Plain' }, { name: 'Bold', content: content('Second') }],
    settings: {
      minSample: 100,
      minConversions: 10,
      minRuntimeMinutes: 30,
      horizonMinutes: 240,
      testPercent: 60,
    },
  })
  expect(written.status).toBe(201)
  mails.length = 0
  await org.editor.post(`/api/campaigns/${body.id}/launch`)
  await h.drain()
  h.clock.advance(HOUR_MS / 4)
  const second = mails.map(({ mail }) => mail.toString('latin1')).filter((mail) => mail.includes('Second'))
  for (const mail of second.slice(0, followers)) {
    const { html } = await simpleParser(mail)
    const [url = ''] = /https?:[^"\s]+\/c\/[\w-]+/.exec(String(html)) ?? []
    await h.request({ url: new URL(url).pathname, headers: { 'user-agent': BROWSER } })
  }
  await h.drain()
  for (let hours = 0; hours < 5; hours++) {
    h.clock.advance(HOUR_MS)
    await h.drain()
  }
}

const toldTo = async (email: string): Promise<{ subject: string; text: string }[]> =>
  Promise.all(
    mails
      .filter(({ to }) => to === email)
      .map(async ({ mail }) => {
        const { subject = '', text = '' } = await simpleParser(mail)
        return { subject, text }
      }),
  )

test('CS-007.6 who made a campaign is told once, by mail and in their language, that a variant has won', async () => {
  const org = await h.organization()
  expect((await org.editor.patch('/api/account', { name: 'Zoé', locale: 'fr' })).status).toBe(204)
  await tested(org, 60)
  expect(await toldTo(org.editor.email)).toEqual([
    {
      subject: '« Sales » : une variante a gagné',
      text: expect.stringContaining('La variante B (Bold) a gagné.'),
    },
  ])
  expect(await toldTo(org.owner.email)).toEqual([])
})

test('CS-007.6 of a test that proved nothing they are told that, and what everybody else gets', async () => {
  const org = await h.organization()
  await tested(org, 0)
  const [mail, ...more] = await toldTo(org.editor.email)
  expect(more).toEqual([])
  expect(mail?.subject).toBe('“Sales”: the test ended without a winner')
  expect(mail?.text).toMatch(/No winner is proven\. Everybody else gets variant [AB] \((Plain|Bold)\)\./)
})
