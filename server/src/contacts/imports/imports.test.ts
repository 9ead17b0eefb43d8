import { Readable } from 'node:stream'
import { afterAll, afterEach, describe, expect, test } from 'vitest'
import { runDueJobs } from '../../platform/jobs/index.ts'
import { type TestOrganization } from '../../testing/organization.ts'
import { harness } from '../../testing/harness.ts'
import { consentIntake, type ConsentIntakePerson, registerConsentIntake } from '../consent-intake.ts'
import { contacts } from '../index.ts'
import { fileOf } from './import.ts'
import { fromWire } from '../../platform/ids.ts'

const h = await harness()

interface Answer {
  status: number
  // oxlint-disable-next-line typescript/no-explicit-any -- tests assert on what they read
  body: any
}

const upload = async (
  org: TestOrganization,
  file: string | Buffer,
  as: { headers: Readonly<Record<string, string>> } = org.editor,
  fileName = 'people.csv',
): Promise<Answer> => {
  const boundary = 'x-boundary-x'
  const payload = Buffer.concat([
    Buffer.from(
      `--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="${fileName}"\r\ncontent-type: text/csv\r\n\r\n`,
    ),
    Buffer.from(file),
    Buffer.from(`\r\n--${boundary}--\r\n`),
  ])
  const answer = await h.request({
    method: 'POST',
    url: '/api/contacts/imports?timeZone=Europe/Paris',
    payload,
    headers: { ...as.headers, 'content-type': `multipart/form-data; boundary=${boundary}` },
  })
  return { status: answer.statusCode, body: answer.json() }
}
const uploaded = async (org: TestOrganization, file: string | Buffer) => {
  const answer = await upload(org, file)
  expect(answer.body.code).toBeUndefined()
  expect(answer.status).toBe(201)
  return answer.body
}
interface Found {
  id: string
  columns: { target: string; dateOrder: string; decimalSign: string }[]
}
const optionsFor = (found: Found, more: Record<string, unknown> = {}): Record<string, unknown> => ({
  columns: found.columns.map(({ target, dateOrder, decimalSign }) => ({ target, dateOrder, decimalSign })),
  policy: 'update',
  defaultCountry: 'FR',
  ...more,
})
const importFile = async (
  org: TestOrganization,
  file: string | Buffer,
  more: Record<string, unknown> = {},
) => {
  const found = await uploaded(org, file)
  const started = await org.editor.post(`/api/contacts/imports/${found.id}/start`, optionsFor(found, more))
  expect(started.body.errors).toBeUndefined()
  expect(started.status).toBe(202)
  await h.drain()
  return (await org.viewer.get(`/api/contacts/imports/${found.id}`)).body
}
const people = async (org: TestOrganization, query = '') =>
  (await org.viewer.get(`/api/contacts?limit=100&sort=email&${query}`)).body
const seen: ConsentIntakePerson[] = []
/** Other files of this process import as the product does. */
const ofTheProduct = consentIntake()
afterAll(() => registerConsentIntake(ofTheProduct))
registerConsentIntake({
  receive: async (_ctx, _importId, batch) => {
    seen.push(...batch)
    return { recorded: batch.reduce((sum, person) => sum + person.claims.length, 0), suppressed: 0 }
  },
})
afterEach(() => void seen.splice(0))

describe('uploading', () => {
  test('a French file from a spreadsheet is understood: encoding, separator, header, columns', async () => {
    const org = await h.organization()
    const file = Buffer.from(
      'Prénom;Nom;Courriel;Téléphone;Né le;Montant\nZoé;Lefèvre;ZOE@example.com;06 12 34 56 78;13/02/1990;12,50\n',
      'latin1',
    )
    const found = await uploaded(org, file)
    expect(found).toMatchObject({
      encoding: 'windows-1252',
      separator: ';',
      hasHeader: true,
      state: 'draft',
      fileName: 'people.csv',
      fileBytes: file.length,
    })
    expect(found.columns.map((column: { target: string }) => column.target)).toEqual([
      'firstName',
      'lastName',
      'email',
      'phone',
      'birthday',
      'ignore',
    ])
    expect(found.columns[0].examples).toEqual(['Zoé'])
  })

  test.each([
    ['an empty file', '', 400, 'contacts.file_empty'],
    ['a header without rows', 'email,name\n', 422, 'contacts.csv_no_rows'],
    ['a workbook', 'PK\u0003\u0004xxxxxxxx', 415, 'contacts.file_is_workbook'],
    ['a picture', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 1, 2]), 415, 'contacts.file_not_text'],
    ['a million columns', `email\n${','.repeat(1_000_000)}\n`, 422, 'contacts.csv_too_many_columns'],
  ])('%s is refused with the reason, and leaves nothing behind', async (_what, file, status, code) => {
    const org = await h.organization()
    const answer = await upload(org, file)
    expect([answer.status, answer.body.code]).toEqual([status, code])
    expect((await org.viewer.get('/api/contacts/imports')).body.items).toEqual([])
  })

  test('ASVS-5.2 a line of 200 MB is refused long before it is stored, in flat memory', async () => {
    const org = await h.organization()
    const { uploadFile } = await import('./upload.ts')
    const piece = Buffer.alloc(64 * 1024, 0x78)
    let given = 0
    const content = Readable.from(
      (async function* () {
        for (; given < 200 * 1024 * 1024; given += piece.length) yield piece
      })(),
    )
    const before = process.memoryUsage().rss
    await expect(
      uploadFile(org.ctx, { fileName: 'line.csv', content, isTruncated: () => false, timeZone: null }),
    ).rejects.toMatchObject({ code: 'contacts.csv_row_too_long' })
    expect(given).toBeLessThan(8 * 1024 * 1024)
    expect(process.memoryUsage().rss - before).toBeLessThan(80 * 1024 * 1024)
  })

  test('a viewer may not upload, and a body without a file is told so', async () => {
    const org = await h.organization()
    expect((await upload(org, 'email\na@example.com\n', org.viewer)).status).toBe(403)
    expect((await org.editor.post('/api/contacts/imports', {})).body.code).toBe('contacts.file_missing')
  })

  test('the file can be read in another way before it is imported', async () => {
    const org = await h.organization()
    const found = await uploaded(org, 'a@example.com;Paris\nb@example.com;Lyon\n')
    expect(found).toMatchObject({
      hasHeader: false,
      columns: [
        { name: '#1', target: 'email' },
        { name: '#2', target: 'ignore' },
      ],
    })
    const again = await org.editor.patch(`/api/contacts/imports/${found.id}`, {
      hasHeader: true,
      separator: ',',
    })
    expect(again.body).toMatchObject({
      hasHeader: true,
      separator: ',',
      columns: [{ name: 'a@example.com;Paris' }],
    })
  })
})

describe('importing', () => {
  const file =
    'email,first name,city,tags\nA@example.com,Ann,Paris,"vip,new"\nb@example.com,Bob,,\nnobody,Carl,,\n,Dan,,\na@example.com,Anna,,\n'

  test('rows become contacts; what cannot be stored is told by row, column and reason', async () => {
    const org = await h.organization()
    const done = await importFile(org, file, { tags: ['list'] })
    expect(done).toMatchObject({
      state: 'completed',
      created: 2,
      updated: 1,
      rejected: 2,
      problems: 2,
      rowsDone: 6,
    })
    const { items } = await people(org)
    expect(
      items.map((c: { email: string; firstName: string; tags: string[] }) => [c.email, c.firstName, c.tags]),
    ).toEqual([
      ['a@example.com', 'Anna', ['list', 'vip', 'new']],
      ['b@example.com', 'Bob', ['list']],
    ])
    expect(items[0]).toMatchObject({ source: 'import', importId: done.id })
    const problems = (await org.viewer.get(`/api/contacts/imports/${done.id}/problems`)).body
    expect(problems.first).toEqual([
      {
        row: 4,
        column: 'email',
        value: 'nobody',
        reason: 'email_no_at',
        sentence: expect.any(String),
        isRow: true,
      },
      { row: 5, column: '', value: '', reason: 'address_missing', sentence: expect.any(String), isRow: true },
    ])
    const csv = await h.request({
      method: 'GET',
      url: `/api/contacts/imports/${done.id}/problems.csv`,
      headers: org.viewer.headers,
    })
    expect(csv.body.split('\r\n').slice(0, 2)).toEqual([
      '\ufeffRow,Column,Value,Reason,Effect,Code',
      '4,email,nobody,not an e-mail address: there is no @,row left out,email_no_at',
    ])
  })

  test('the list shows whom one import brought, and nobody of another that began at the same instant', async () => {
    const org = await h.organization()
    const first = await importFile(org, 'email\na@example.com\nb@example.com\n')
    const second = await importFile(org, 'email\nb@example.com\nc@example.com\n')
    const emails = async (id: string): Promise<string[]> =>
      (await people(org, `importId=${id}`)).items.map((c: { email: string }) => c.email)
    expect(await emails(first.id)).toEqual(['a@example.com', 'b@example.com'])
    expect(await emails(second.id)).toEqual(['c@example.com'])
  })

  test('the preview says exactly what the import then does, and writes nothing', async () => {
    const org = await h.organization()
    await org.editor.post('/api/contacts', { email: 'b@example.com', firstName: 'Robert' })
    const found = await uploaded(org, file)
    for (const policy of ['skip', 'fill', 'update']) {
      const preview = (
        await org.editor.post(`/api/contacts/imports/${found.id}/preview`, optionsFor(found, { policy }))
      ).body
      expect(preview).toMatchObject({
        rows: 5,
        isWholeFile: true,
        created: 1,
        rejected: 2,
        skipped: policy === 'skip' ? 2 : 0,
        updated: policy === 'update' ? 2 : 0,
        unchanged: policy === 'fill' ? 2 : 0,
      })
      expect((await people(org)).items).toHaveLength(1)
    }
    const started = await org.editor.post(
      `/api/contacts/imports/${found.id}/start`,
      optionsFor(found, { policy: 'fill' }),
    )
    expect(started.body.state).toBe('running')
    await h.drain()
    expect((await org.viewer.get(`/api/contacts/imports/${found.id}`)).body).toMatchObject({
      created: 1,
      unchanged: 2,
      rejected: 2,
    })
    expect((await people(org)).items[1]).toMatchObject({ email: 'b@example.com', firstName: 'Robert' })
  })

  test('a caller who decides nothing gets the file as it was understood', async () => {
    const org = await h.organization()
    const found = await uploaded(org, 'email,phone\na@example.com,06 12 34 56 78\n')
    expect(found.defaultCountry).toBe('FR')
    await org.key.post(`/api/contacts/imports/${found.id}/start`, {})
    await h.drain()
    expect((await people(org)).items[0]).toMatchObject({ email: 'a@example.com', phone: '+33612345678' })
  })

  test('the same file twice makes nobody twice and changes nothing', async () => {
    const org = await h.organization()
    const list = 'email,phone,name\na@example.com,0612345678,Ann Lee\n,0612345679,Bob Ray\n'
    await importFile(org, list)
    const again = await importFile(org, list)
    expect(again).toMatchObject({ created: 0, updated: 0, unchanged: 2 })
    expect((await people(org)).total).toBe(2)
  })

  test('a mapping that cannot be imported is refused with the remedy', async () => {
    const org = await h.organization()
    const found = await uploaded(org, file)
    const columns = (targets: string[]) => ({
      columns: targets.map((target) => ({ target, dateOrder: 'dmy', decimalSign: 'point' })),
    })
    const start = (targets: string[]) =>
      org.editor.post(`/api/contacts/imports/${found.id}/start`, optionsFor(found, columns(targets)))
    expect((await start(['ignore', 'firstName', 'city', 'tags'])).body).toMatchObject({
      code: 'contacts.mapping_invalid',
      errors: [{ path: 'columns' }],
    })
    expect((await start(['email', 'city', 'city', 'tags'])).body.errors).toEqual([
      expect.objectContaining({ path: 'columns.2.target' }),
    ])
    expect((await start(['email', 'custom:none', 'city', 'tags'])).body.errors).toEqual([
      expect.objectContaining({ path: 'columns.1.target' }),
    ])
    expect((await start(['email'])).status).toBe(400)
    expect((await start(['email', 'org_id', 'city', 'tags'])).status).toBe(400)
  })

  test('NUL bytes, broken quotes and too many cells cost a value, not the import', async () => {
    const org = await h.organization()
    const done = await importFile(
      org,
      'email,city\na@example.com,Pa\0ris\nb@example.com,"open\nc@example.com,Lyon,more\n',
    )
    expect(done).toMatchObject({ state: 'completed', created: 3, rejected: 0 })
    const { first } = (await org.viewer.get(`/api/contacts/imports/${done.id}/problems`)).body
    expect(
      first.map((p: { row: number; reason: string; value: string }) => [p.row, p.reason, p.value]),
    ).toEqual([
      [2, 'character_control', 'Pa␀ris'],
      [3, 'quote_unclosed', ''],
      [4, 'cells_too_many', 'more'],
    ])
  })

  test('custom fields are filled by type', async () => {
    const org = await h.organization()
    await org.editor.post('/api/contacts/fields', { name: 'Points', type: 'number' })
    await org.editor.post('/api/contacts/fields', { name: 'Size', type: 'choice', choices: ['S', 'M'] })
    const done = await importFile(org, 'email;points;size\na@example.com;12,5;m\nb@example.com;1;XXL\n')
    expect((await people(org)).items.map((c: { attributes: unknown }) => c.attributes)).toEqual([
      { points: 12.5, size: 'M' },
      { points: 1 },
    ])
    expect(done).toMatchObject({ created: 2, problems: 1 })
  })

  test('PC-46 imports of another organization answer like unknown ones', async () => {
    const [a, b] = [await h.organization(), await h.organization()]
    const found = await uploaded(b, file)
    for (const answer of [
      await a.key.get(`/api/contacts/imports/${found.id}`),
      await a.key.patch(`/api/contacts/imports/${found.id}`, { hasHeader: false }),
      await a.key.delete(`/api/contacts/imports/${found.id}`),
      await a.key.post(`/api/contacts/imports/${found.id}/preview`, optionsFor(found)),
      await a.key.post(`/api/contacts/imports/${found.id}/start`, optionsFor(found)),
      await a.key.post(`/api/contacts/imports/${found.id}/cancel`),
      await a.key.post(`/api/contacts/imports/${found.id}/undo`),
      await a.key.get(`/api/contacts/imports/${found.id}/problems`),
      await a.key.get(`/api/contacts/imports/${found.id}/problems.csv`),
    ])
      expect(answer.status).toBe(404)
    expect((await b.viewer.get(`/api/contacts/imports/${found.id}`)).body.state).toBe('draft')
  })
})

describe('consent', () => {
  test('PC-09 a yes without date and source stays unknown and the report says why; with both it is claimed', async () => {
    const org = await h.organization()
    const done = await importFile(org, 'email,consent\na@example.com,yes\nb@example.com,no\nc@example.com,\n')
    expect(done).toMatchObject({ created: 3, consentUnproven: 1, consentRecorded: 1 })
    expect(seen.map((person) => person.claims)).toEqual([
      [],
      [expect.objectContaining({ channel: 'email', granted: false })],
      [],
    ])
    expect((await org.viewer.get(`/api/contacts/imports/${done.id}/problems`)).body).toMatchObject({
      reasons: [{ reason: 'consent_unproven', count: 1 }],
      first: [],
    })
    const csv = await h.request({
      method: 'GET',
      url: `/api/contacts/imports/${done.id}/problems.csv`,
      headers: org.viewer.headers,
    })
    expect(csv.body).toContain('2,,email,consent without its date and source is not recorded')
    seen.splice(0)
    const proven = await importFile(
      org,
      'email,consent,consent date,consent source\na@example.com,yes,2026-01-02,shop\nb@example.com,yes,,shop\n',
    )
    expect(proven).toMatchObject({ consentUnproven: 1, consentRecorded: 1 })
    expect(seen[0]?.claims).toEqual([
      { channel: 'email', granted: true, at: new Date('2026-01-02T12:00:00Z'), source: 'shop' },
    ])
  })

  test('PC-09 what the importer states for the whole file counts where the file has no such columns', async () => {
    const org = await h.organization()
    await importFile(org, 'email,consent\na@example.com,yes\n', {
      consentDate: '2026-03-04',
      consentSource: 'fair in Lyon',
    })
    expect(seen[0]?.claims).toEqual([
      { channel: 'email', granted: true, at: new Date('2026-03-04T12:00:00Z'), source: 'fair in Lyon' },
    ])
    const found = await uploaded(org, 'email,consent\na@example.com,yes\n')
    expect(
      (
        await org.editor.post(
          `/api/contacts/imports/${found.id}/start`,
          optionsFor(found, { consentDate: '2999-01-01', consentSource: 'x' }),
        )
      ).status,
    ).toBe(400)
  })
})

describe('large imports', () => {
  const rows = 10_000
  const large = `email,city\n${Array.from({ length: rows }, (_, i) => `c${i}@example.com,City ${i % 7}\n`).join('')}`
  const jobs = new Map(contacts.jobs.map((job) => [job.kind as string, job]))

  test('a worker that dies in the middle is followed by another: nobody missing, nobody twice, every figure exact', async () => {
    const org = await h.organization()
    const found = await uploaded(org, large)
    await org.editor.post(`/api/contacts/imports/${found.id}/start`, optionsFor(found))
    // The first worker is cut off after its second batch, as by kill -9: its third transaction never commits.
    let batches = 0
    registerConsentIntake({
      receive: async () => {
        if (++batches === 3) throw new Error('killed')
        return { recorded: 0, suppressed: 0 }
      },
    })
    await runDueJobs(h.platform, jobs)
    const between = (await org.viewer.get(`/api/contacts/imports/${found.id}`)).body
    expect(between).toMatchObject({ state: 'running' })
    expect(between.created).toBeGreaterThan(0)
    expect(between.created).toBeLessThan(rows)
    h.clock.advance(60_000)
    await h.drain()
    const done = (await org.viewer.get(`/api/contacts/imports/${found.id}`)).body
    expect(done).toMatchObject({
      state: 'completed',
      created: rows,
      updated: 0,
      unchanged: 0,
      rowsDone: rows + 1,
      bytesDone: large.length,
    })
    expect((await people(org)).total).toBe(rows)
    await h.drain()
    expect((await people(org)).total).toBe(rows)
  })

  test('people who return in later batches of a file, and people whom somebody adds while it is read, are one each', async () => {
    const org = await h.organization()
    const people7k = Array.from(
      { length: 7_000 },
      (_, i) => `r${i},r${i}@example.com,+336${10_000_000 + i}\n`,
    )
    // The second half comes again with another name; a few are known by phone alone in between.
    const phoneOnly = Array.from({ length: 20 }, (_, i) => `p${i},,+3377${1_000_000 + i}\n`)
    const again = people7k.slice(3_500).map((row) => row.replace(/^r/, 'again'))
    const completed = phoneOnly.map((_, i) => `q${i},q${i}@example.com,+3377${1_000_000 + i}\n`)
    const file = `firstName,email,phone\n${[...people7k, ...phoneOnly, ...again, ...completed].join('')}`
    let batches = 0
    registerConsentIntake({
      receive: async () => {
        // One of the second batch, which has been read ahead by then.
        if (++batches === 1)
          await org.editor.post('/api/contacts', { email: 'r3999@example.com', city: 'Lyon' })
        return { recorded: 0, suppressed: 0 }
      },
    })
    const found = await uploaded(org, file)
    await org.editor.post(`/api/contacts/imports/${found.id}/start`, optionsFor(found))
    await h.drain()
    const done = (await org.viewer.get(`/api/contacts/imports/${found.id}`)).body
    expect(done).toMatchObject({ state: 'completed', created: 7_019, updated: 3_521, rejected: 0 })
    expect((await people(org)).total).toBe(7_020)
    const [last] = (await people(org, 'q=r3999%40example.com')).items
    expect(last).toMatchObject({ firstName: 'again3999', city: 'Lyon', phone: '+33610003999' })
  })

  test('two workers that both believe to hold an import do each row once', async () => {
    const org = await h.organization()
    registerConsentIntake({ receive: async () => ({ recorded: 0, suppressed: 0 }) })
    const found = await uploaded(org, large)
    await org.editor.post(`/api/contacts/imports/${found.id}/start`, optionsFor(found))
    const { runImport } = await import('./run.ts')
    const lease = {
      jobId: '1',
      attempt: 1,
      stopping: false,
      fence: async () => undefined,
      releaseKey: async () => undefined,
    }
    const payload = { importId: fromWire('contact_import', found.id) }
    await Promise.allSettled([
      runImport.handle(org.systemCtx, payload, lease),
      runImport.handle(org.systemCtx, payload, lease),
    ])
    await h.drain()
    expect((await org.viewer.get(`/api/contacts/imports/${found.id}`)).body).toMatchObject({
      state: 'completed',
      created: rows,
    })
    expect((await people(org)).total).toBe(rows)
  })

  test('a cancelled import stops, keeps what it did, and can be undone', async () => {
    const org = await h.organization()
    const found = await uploaded(org, large)
    await org.editor.post(`/api/contacts/imports/${found.id}/start`, optionsFor(found))
    let batches = 0
    registerConsentIntake({
      receive: async () => {
        if (++batches === 2) await org.editor.post(`/api/contacts/imports/${found.id}/cancel`)
        return { recorded: 0, suppressed: 0 }
      },
    })
    await h.drain()
    const cancelled = (await org.viewer.get(`/api/contacts/imports/${found.id}`)).body
    expect(cancelled.state).toBe('cancelled')
    expect((await people(org)).total).toBe(cancelled.created)
    expect(cancelled.created).toBeLessThan(rows)
    expect(
      await h.platform.storage.size(org.orgId, fileOf(fromWire('contact_import', found.id) as never)),
    ).toBeNull()
    await org.editor.post(`/api/contacts/imports/${found.id}/undo`)
    await h.drain()
    expect((await org.viewer.get(`/api/contacts/imports/${found.id}`)).body).toMatchObject({
      state: 'undone',
      removed: cancelled.created,
    })
    expect((await people(org)).total).toBe(0)
  })

  test('undoing an import removes whom it brought and nobody touched, restores what it changed, and keeps later edits', async () => {
    const org = await h.organization()
    const known = (
      await org.editor.post('/api/contacts', {
        email: 'known@example.com',
        city: 'Paris',
        firstName: 'Kim',
        tags: ['old'],
      })
    ).body.id
    const done = await importFile(
      org,
      'email,city,first name,tags\nknown@example.com,Lyon,Kimberly,new\nfresh@example.com,Nice,Fay,\nedited@example.com,Nantes,Ed,\n',
    )
    expect(done).toMatchObject({ created: 2, updated: 1 })
    h.clock.advance(60_000)
    await org.editor.patch(`/api/contacts/${known}`, { firstName: 'Kiki' })
    const edited = (await people(org, 'q=edited')).items[0]
    await org.editor.patch(`/api/contacts/${edited.id}`, { lastName: 'Ited' })
    await org.editor.post(`/api/contacts/imports/${done.id}/undo`)
    await h.drain()
    await h.drain()
    expect((await org.viewer.get(`/api/contacts/imports/${done.id}`)).body).toMatchObject({
      state: 'undone',
      removed: 1,
      restored: 1,
      kept: 1,
    })
    expect((await people(org)).items.map((c: { email: string }) => c.email)).toEqual([
      'edited@example.com',
      'known@example.com',
    ])
    expect((await org.viewer.get(`/api/contacts/${known}`)).body).toMatchObject({
      city: 'Paris',
      firstName: 'Kiki',
      tags: ['old'],
    })
    expect((await org.editor.post(`/api/contacts/imports/${done.id}/undo`)).status).toBe(409)
  })

  test('files that were never imported and values that could not be stored are forgotten after a month', async () => {
    const org = await h.organization()
    registerConsentIntake({ receive: async () => ({ recorded: 0, suppressed: 0 }) })
    const draft = await uploaded(org, 'email\na@example.com\n')
    const done = await importFile(org, 'email\nnobody\nb@example.com\n')
    h.clock.advance(31 * 86_400_000)
    await h.drain()
    expect((await org.key.get(`/api/contacts/imports/${draft.id}`)).status).toBe(404)
    expect((await org.key.get(`/api/contacts/imports/${done.id}/problems`)).body.first).toEqual([])
    expect((await org.key.get(`/api/contacts/imports/${done.id}`)).body).toMatchObject({
      created: 1,
      rejected: 1,
    })
  })
})
