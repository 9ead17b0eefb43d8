import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { harness, type Harness } from '../../testing/harness.ts'
import type { TestOrganization } from '../../testing/organization.ts'
import { columnsOf } from './columns.ts'
import { dayOrderOf, readAmount, readDay } from './values.ts'

let h: Harness
beforeAll(async () => {
  h = await harness()
})

const made = async (org: TestOrganization, name: string): Promise<string> =>
  (await org.editor.post('/api/campaigns', { name })).body.id
const costOf = async (org: TestOrganization, id: string): Promise<number> =>
  (await org.viewer.get(`/api/campaigns/${id}/roi`)).body.cost.spends
const preview = (org: TestOrganization, text: string, more = {}) =>
  org.owner.post('/api/spends/imports/preview', { fileName: 'media.csv', text, ...more })
const take = (org: TestOrganization, text: string, more = {}) =>
  org.owner.post('/api/spends/imports', { fileName: 'media.csv', text, ...more })

describe('files of spends', () => {
  test('CB-9.2 MA-7.2 media spends come in by a file in the words of their reader, and go again as one', async () => {
    const org = await h.organization()
    const spring = await made(org, 'Été à la mer')
    const summer = await made(org, 'Summer')
    const text =
      'Date;Fin;Campagne;Plateforme;Montant (EUR);Devise;Note\r\n' +
      '31/10/2026;;été à la mer;Instagram;1 234,50;EUR;"Bannière; haut"\r\n' +
      `01/11/2026;05/11/2026;${summer};;0,05;;\r\n`
    const seen = await preview(org, text)
    expect(seen.body).toMatchObject({
      currency: 'EUR',
      missing: [],
      order: 'dmy',
      counts: { rows: 2, wrong: 0, known: 0, taken: 2 },
      total: 1234.55,
    })
    expect(seen.body.columns.map(({ column }: { column: string | null }) => column)).toEqual([
      'date',
      'until',
      'campaign',
      'platform',
      'amount',
      'currency',
      'note',
    ])
    expect(await costOf(org, spring)).toBe(0)
    const taken = await take(org, text)
    expect(taken).toMatchObject({ status: 201, body: { spends: 2, amount: 1234.55, undoneAt: null } })
    expect((await org.viewer.get(`/api/campaigns/${spring}/spends`)).body.items).toMatchObject([
      { kind: 'media', platform: 'instagram', amount: 1234.5, spentOn: '2026-10-31', note: 'Bannière; haut' },
    ])
    expect([await costOf(org, spring), await costOf(org, summer)]).toEqual([1234.5, 0.05])
    const undone = await org.owner.post(`/api/spends/imports/${taken.body.id}/undo`, {})
    expect(undone.body.undoneAt).not.toBeNull()
    expect([await costOf(org, spring), await costOf(org, summer)]).toEqual([0, 0])
    expect((await org.owner.post(`/api/spends/imports/${taken.body.id}/undo`, {})).status).toBe(409)
    const actions = (await org.owner.get('/api/audit?limit=20')).body.items.map(
      ({ action }: { action: string }) => action,
    )
    expect(actions).toEqual(
      expect.arrayContaining(['budgets.spends_imported', 'budgets.spend_import_undone']),
    )
  })

  test('CB-9.2 every wrong cell is named with its row, and nothing is taken unless such rows are left out', async () => {
    const org = await h.organization()
    const spring = await made(org, 'Spring')
    await made(org, 'Twice')
    await made(org, 'twice')
    const text = [
      'date,campaign,channel,platform,amount,currency,note',
      '2026-11-20,Spring,,,10,EUR,good',
      '2026-11-20,Winter,,,10,EUR,',
      '2026-11-20,Twice,,,10,EUR,',
      '2026-11-20,,,,10,EUR,',
      '2026-02-30,Spring,pigeon,myspace,"1,234",USD,',
      ',Spring,,,-5,,',
      '2026-11-20,Spring,,,1.0051,,',
    ].join('\n')
    const { body } = await preview(org, text)
    expect(body.counts).toEqual({ rows: 7, wrong: 6, known: 0, taken: 1 })
    const codes = Object.fromEntries(
      body.rows.map(({ row, problems }: { row: number; problems: { column: string; code: string }[] }) => [
        row,
        problems.map(({ column, code }) => `${column}: ${code}`).toSorted(),
      ]),
    )
    expect(codes).toEqual({
      2: [],
      3: ['campaign: campaign_unknown'],
      4: ['campaign: campaign_ambiguous'],
      5: ['campaign: names_nothing'],
      6: [
        'amount: amount_ambiguous',
        'channel: channel_unknown',
        'currency: currency_other',
        'date: date_unreadable',
        'platform: platform_unknown',
      ],
      7: ['amount: amount_not_positive', 'date: date_missing'],
      8: ['amount: amount_too_precise'],
    })
    expect((await take(org, text)).body.code).toBe('reports.spend_rows_wrong')
    expect(await costOf(org, spring)).toBe(0)
    expect((await take(org, text, { leavesOutWrong: true })).body).toMatchObject({ spends: 1, amount: 10 })
    expect((await preview(org, 'a,b\n1,2\n')).body.missing).toEqual(['date', 'amount'])
    expect((await take(org, 'a,b\n1,2\n', { leavesOutWrong: true })).status).toBe(400)
  })

  test('MA-7.2 amounts of another currency are refused, whether a column, a sign or the header says so', async () => {
    const org = await h.organization()
    await made(org, 'Spring')
    const currencies = async (header: string, cell: string, more = ''): Promise<unknown> => {
      const text = `date;campaign;${header};currency\n2026-11-20;Spring;${cell};${more}\n`
      return (await preview(org, text)).body.rows[0].problems.map(({ value }: { value: string }) => value)
    }
    expect(await currencies('amount (EUR)', '10')).toEqual([])
    expect(await currencies('amount (€)', '€10', 'eur')).toEqual([])
    expect(await currencies('amount (USD)', '10')).toEqual(['USD'])
    expect(await currencies('amount', '$10')).toEqual(['$'])
    expect(await currencies('amount', '10', 'gbp')).toEqual(['GBP'])
    expect(await currencies('amount', '10 £')).toEqual(['£'])
  })

  test('MA-7.2 a file that comes twice counts once, unless it is said to be more', async () => {
    const org = await h.organization()
    const spring = await made(org, 'Spring')
    const text = 'date,campaign,amount\n2026-11-20,Spring,10\n2026-11-21,Spring,10\n'
    await take(org, text)
    expect((await preview(org, text)).body.counts).toMatchObject({ known: 2, taken: 0 })
    expect((await take(org, text)).body.code).toBe('reports.spend_file_empty')
    expect((await take(org, `${text}2026-11-22,Spring,10\n`)).body.spends).toBe(1)
    await take(org, text, { repeatsKnown: true })
    expect(await costOf(org, spring)).toBe(50)
    expect((await org.viewer.get('/api/spends/imports')).body.items).toHaveLength(3)
  })

  test('CB-9.5 what was paid for a channel as a whole counts for it, and for the total, in its period', async () => {
    const org = await h.organization()
    await take(
      org,
      'date,until,channel,platform,amount\n2026-11-18,2026-11-20,sms,,10\n2026-11-19,,,reddit,4\n',
    )
    const by = async (part: string, from: string, to: string) => {
      const { body } = await org.viewer.get(`/api/analytics/money?by=${part}&from=${from}&to=${to}`)
      return {
        total: body.total.cost,
        lines: Object.fromEntries(body.items.map(({ id, cost }: { id: string; cost: number }) => [id, cost])),
      }
    }
    const whole = ['2026-11-01', '2026-11-25'] as const
    expect(await by('channel', ...whole)).toEqual({ total: 14, lines: { '': 4, sms: 10 } })
    expect(await by('platform', ...whole)).toEqual({ total: 14, lines: { '': 10, reddit: 4 } })
    expect(await by('campaign', ...whole)).toEqual({ total: 14, lines: { '': 14 } })
    expect(await by('channel', '2026-11-18', '2026-11-18')).toEqual({ total: 3.33, lines: { sms: 3.33 } })
  })

  test('viewers take no files, and nobody sees those of others', async () => {
    const [org, other] = [await h.organization(), await h.organization()]
    const text = 'date,channel,amount\n2026-11-20,sms,1\n'
    const { id } = (await take(org, text)).body
    expect((await org.viewer.post('/api/spends/imports', { fileName: 'x', text })).status).toBe(403)
    expect((await other.owner.post(`/api/spends/imports/${id}/undo`, {})).status).toBe(404)
    expect((await other.viewer.get('/api/spends/imports')).body.items).toEqual([])
    const foreign = `date,campaign,amount\n2026-11-20,${await made(org, 'Spring')},1\n`
    expect((await preview(other, foreign)).body.rows[0].problems[0].code).toBe('campaign_unknown')
  })
})

describe('amounts and days', () => {
  test('amounts as English and French write them are read to the minor unit', () => {
    const written = (minor: number, group: string, point: string): string => {
      const whole = String(Math.floor(minor / 100)).replaceAll(/\B(?=(\d{3})+$)/g, group)
      return `${whole}${point}${String(minor % 100).padStart(2, '0')}`
    }
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 99_999_999_999 }),
        fc.constantFrom([',', '.'], ['.', ','], ['\u202f', ','], [' ', '.'], ["'", '.']),
        fc.constantFrom('', '€', '$ '),
        (minor, [group = '', point = ''], sign) => {
          expect(readAmount(`${sign}${written(minor, group, point)}`, 2)).toEqual({ value: minor })
        },
      ),
    )
    expect(readAmount('1,234', 2)).toEqual({ code: 'amount_ambiguous' })
    expect(readAmount('1,234', 0)).toEqual({ code: 'amount_ambiguous' })
    expect(readAmount('1,234,567', 2)).toEqual({ value: 123_456_700 })
    expect(readAmount('0,500', 2)).toEqual({ value: 50 })
    expect(readAmount('12,34,5', 2)).toEqual({ code: 'amount_unreadable' })
    expect(readAmount('ten', 2)).toEqual({ code: 'amount_unreadable' })
  })

  test('days are read in the order that the file itself tells', () => {
    expect(dayOrderOf(['1/2/2026', '13/2/2026'])).toBe('dmy')
    expect(dayOrderOf(['1/2/2026', '2/13/2026'])).toBe('mdy')
    expect(dayOrderOf(['13/2/2026', '2/13/2026'])).toBeNull()
    expect(readDay('1/2/26', 'dmy')).toEqual({ value: '2026-02-01' })
    expect(readDay('1/2/2026', 'mdy')).toEqual({ value: '2026-01-02' })
    expect(readDay('2026-11-29T10:00', 'dmy')).toEqual({ value: '2026-11-29' })
    expect(readDay('31.04.2026', 'dmy')).toEqual({ code: 'date_unreadable' })
  })

  test('columns of advertising tools are known, whatever their unit', () => {
    const header = ['Campaign name', 'Reporting starts', 'Reporting ends', 'Amount spent (EUR)', 'Reach']
    expect(Object.fromEntries(columnsOf(header))).toEqual({ campaign: 0, date: 1, until: 2, amount: 3 })
  })
})
