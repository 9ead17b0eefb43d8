import { afterAll, expect, test } from 'vitest'
import { testContacts } from '../../testing/audience.ts'
import { harness } from '../../testing/harness.ts'
import { testLaunch } from '../../testing/launch.ts'
import { startMailbox } from '../index.ts'
import { readMail } from './read-mail.ts'

const h = await harness({ env: { FANFARE_MAILBOX_PORT: '2599' } })
const mailbox = await startMailbox(h.platform, 2599)

test('PC-11 the first campaign needs no mail server: its mails lie in the mailbox, HTML, text, links and source', async () => {
  const { ctx, viewer } = await h.organization()
  await testContacts(ctx, {
    emails: Array.from({ length: 60 }, (_, n) => `c${n}@example.net`),
    firstName: 'Zoé',
  })
  const { runId } = await testLaunch(ctx)
  await h.drain()
  const list = await viewer.get('/api/mailbox?limit=50')
  expect(list.body).toMatchObject({
    total: 60,
    items: expect.arrayContaining([expect.objectContaining({ subject: 'Hello Zoé' })]),
  })
  const found = (await viewer.get('/api/mailbox?q=c17@')).body.items
  expect(found).toHaveLength(1)
  const mail = (await viewer.get(`/api/mailbox/${found[0].id}`)).body
  expect(mail.from).toBe('Atelier Test <hello@shop.example>')
  expect(mail.html).toContain('Bonjour Zoé')
  expect(mail.text).toContain('Bonjour Zoé')
  expect(mail.links.some((link: string) => link.includes('/c/'))).toBe(true)
  expect(mail.links.some((link: string) => link.includes('/u/'))).toBe(true)
  expect(mail.headers.map(({ name }: { name: string }) => name)).toEqual(
    expect.arrayContaining(['List-Unsubscribe', 'List-Unsubscribe-Post', 'Feedback-ID']),
  )
  const source = await h.server.inject({ url: `/api/mailbox/${mail.id}/source`, headers: viewer.headers })
  expect(source.headers['content-type']).toContain('message/rfc822')
  expect(source.body).toContain('To: c17@example.net')
  const html = await h.server.inject({ url: `/api/mailbox/${mail.id}/html`, headers: viewer.headers })
  expect(html.headers['content-security-policy']).toContain('sandbox')
  expect(mail.runId).toMatch(/^run_/)
  expect(runId).toBeTruthy()
})

test('a mail belongs to the organization of its token, and no other sees it', async () => {
  const [one, other] = [await h.organization(), await h.organization()]
  await testContacts(one.ctx, { emails: ['only@example.net'] })
  await testLaunch(one.ctx)
  await h.drain()
  const [mail] = (await one.viewer.get('/api/mailbox')).body.items
  expect((await other.owner.get(`/api/mailbox/${mail.id}`)).status).toBe(404)
  expect((await other.owner.get('/api/mailbox')).body.total).toBe(0)
})

test('a notice, which may hold a link that grants something, is shown to owners only', async () => {
  const { orgId, owner, viewer } = await h.organization()
  await h.platform.mail.send({
    to: 'boss@example.net',
    subject: 'Reset',
    text: 'https://example.net/reset#secret',
    headers: { 'X-Fanfare-Organization': orgId },
  })
  expect((await owner.get('/api/mailbox')).body.items).toMatchObject([{ subject: 'Reset' }])
  expect((await viewer.get('/api/mailbox')).body.items).toEqual([])
})

test('emptying asks for the right to write, and leaves a trace', async () => {
  const { orgId, editor, viewer, owner } = await h.organization()
  await h.platform.mail.send({
    to: 'a@example.net',
    subject: 'T',
    text: 't',
    headers: { 'X-Fanfare-Organization': orgId, 'X-Fanfare-Test': 'yes' },
  })
  expect((await viewer.delete('/api/mailbox')).status).toBe(403)
  expect((await editor.delete('/api/mailbox')).status).toBe(204)
  expect((await owner.get('/api/mailbox')).body.items).toEqual([])
})

test('mail in other forms is read, too', () => {
  const read = readMail(
    Buffer.from(
      'Subject: =?ISO-8859-1?Q?caf=E9?=\r\n =?UTF-8?B?IMOpdMOp?=\r\nFrom: a@b.example\r\nContent-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\nd=E9j=E0 vu=\r\n https://x.example/\r\n',
    ),
  )
  expect(read).toMatchObject({
    subject: 'café été',
    text: 'déjà vu https://x.example/\r\n',
    html: null,
    links: ['https://x.example/'],
  })
  expect(readMail(Buffer.from('nonsense'))).toMatchObject({ subject: '', html: null })
})

afterAll(() => mailbox?.close())
