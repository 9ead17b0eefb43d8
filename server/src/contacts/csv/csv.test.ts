import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { columnNames, detectDialect } from './dialect.ts'
import { EncodingWitness, decode, refuseOtherThanText } from './encoding.ts'
import {
  type CsvRow,
  ROW_CELLS_MAX,
  ROW_CHARS_MAX,
  RowTokenizer,
  SEPARATORS,
  type Separator,
} from './tokenizer.ts'
import { csvRow } from './write.ts'

const read = (pieces: readonly string[], separator: Separator = ','): CsvRow[] => {
  const tokenizer = new RowTokenizer(separator)
  return [...pieces.flatMap((piece) => tokenizer.push(piece)), ...tokenizer.end()]
}
const cells = (text: string, separator: Separator = ','): string[][] =>
  read([text], separator).map((row) => row.cells)
const cut = (text: string, at: readonly number[]): string[] => {
  const places = [...new Set(at.map((n) => n % (text.length + 1)))].toSorted((a, b) => a - b)
  return [0, ...places].map((from, i) => text.slice(from, places[i]))
}

const cell = fc.string({
  unit: fc.constantFrom('a', 'é', '1', ' ', '"', ',', ';', '\t', '|', '\n', '\r', "'", '=', '😀'),
  maxLength: 8,
})
const separators = fc.constantFrom(...SEPARATORS)

describe('reading rows', () => {
  test('rows read equal those of csv-parse, wherever the text is cut into pieces', () => {
    const rows = fc.array(fc.array(cell, { minLength: 2, maxLength: 5 }), { minLength: 1, maxLength: 6 })
    fc.assert(
      fc.property(
        rows,
        separators,
        fc.constantFrom('\n', '\r\n'),
        fc.boolean(),
        fc.array(fc.nat(), { maxLength: 6 }),
        (table, separator, end, endsWithLine, at) => {
          const quoted = (value: string) =>
            /["\r\n]/.test(value) || value.includes(separator) ? `"${value.replaceAll('"', '""')}"` : value
          const text =
            table.map((row) => row.map(quoted).join(separator)).join(end) + (endsWithLine ? end : '')
          const ours = read(cut(text, at), separator).map((row) => row.cells)
          expect(ours).toEqual(
            parse(text, { delimiter: separator, relax_column_count: true, record_delimiter: [end] }),
          )
          expect(ours).toEqual(table)
        },
      ),
      { numRuns: 500 },
    )
  })

  test('any text at all is read the same however it is cut, and nothing throws', () => {
    fc.assert(
      fc.property(
        cell,
        fc.array(cell),
        separators,
        fc.array(fc.nat(), { maxLength: 8 }),
        (first, more, separator, at) => {
          const text = [first, ...more].join('')
          expect(read(cut(text, at), separator)).toEqual(read([text], separator))
        },
      ),
      { numRuns: 1_000 },
    )
  })

  test('what we write is what we read', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.string({ minLength: 1 }), { minLength: 1, maxLength: 4 }), { minLength: 1 }),
        (table) => {
          const back = cells(table.map((row) => csvRow(row)).join('')).map((row) =>
            row.map((value) => value.replace(/^'(?=[=+\-@\t\r])/, '')),
          )
          expect(back).toEqual(table.map((row) => row.map((value) => value.replace(/^'(?=[=+\-@\t\r])/, ''))))
        },
      ),
    )
  })

  test('quotes inside cells, text behind quotes, ragged and blank rows are read as people mean them', () => {
    expect(cells('a 5" b,"x"y,z\n\n1,2\n')).toEqual([
      ['a 5" b', 'xy', 'z'],
      ['1', '2'],
    ])
    expect(read(['a\r\rb\r\n\nc']).map((row) => row.number)).toEqual([1, 3, 5])
    expect(cells('"a\nb","c ""d"""')).toEqual([['a\nb', 'c "d"']])
  })

  test('a quote that is never closed costs its own row only', () => {
    const rows = read(['a,b\n1,"open\n2,"two"\n3,x\n'])
    expect(rows.map((row) => row.cells)).toEqual([
      ['a', 'b'],
      ['1', 'open\n2,two"'],
      ['3', 'x'],
    ])
    const lost = read(['a,b\n1,"open\n2,x\n'])
    expect(lost.map((row) => [row.cells, row.quoteUnclosed])).toEqual([
      [['a', 'b'], false],
      [['1', '"open'], true],
      [['2', 'x'], false],
    ])
  })

  test('ASVS-5.2 a row without end and a row of a million columns are refused with their number', () => {
    const tokenizer = new RowTokenizer(',')
    tokenizer.push('a,b\n')
    expect(() => {
      for (let i = 0; i < 200; i++) tokenizer.push('x'.repeat(1_000_000))
    }).toThrow(
      expect.objectContaining({ code: 'contacts.csv_row_too_long', detail: { row: 2, max: ROW_CHARS_MAX } }),
    )
    expect(() => read([','.repeat(1_000_000)])).toThrow(
      expect.objectContaining({
        code: 'contacts.csv_too_many_columns',
        detail: { row: 1, max: ROW_CELLS_MAX },
      }),
    )
  })
})

describe('encodings', () => {
  const detect = (bytes: Buffer, piece = 7): string => {
    const witness = new EncodingWitness(1_000)
    for (let i = 0; i < bytes.length; i += piece) witness.see(bytes.subarray(i, i + piece))
    return witness.encoding()
  }
  const text = 'prénom;nom;ville\nZoé;Lefèvre;Orléans\nJérôme;Noël;Besançon\nHélène;Garçon;Nîmes\n'
  const utf16 = Buffer.from(text, 'utf16le')

  test.each([
    ['utf-8', Buffer.from(text)],
    ['utf-8', Buffer.from(`\ufeff${text}`)],
    ['utf-16le', Buffer.concat([Buffer.from([0xff, 0xfe]), utf16])],
    ['utf-16be', Buffer.concat([Buffer.from([0xfe, 0xff]), Buffer.from(utf16).swap16()])],
    ['utf-16le', utf16],
    ['utf-16be', Buffer.from(utf16).swap16()],
    ['windows-1252', Buffer.from(text, 'latin1')],
    [
      'windows-1252',
      Buffer.concat([
        Buffer.from('a;b\n'.repeat(5_000)),
        Buffer.from([0x80, 0x92]),
        Buffer.from(text, 'latin1'),
      ]),
    ],
  ] as const)('a file in %s is known as such and read', async (encoding, bytes) => {
    expect(detect(bytes)).toBe(encoding)
    let decoded = ''
    const pieces = async function* () {
      for (let i = 0; i < bytes.length; i += 5) yield bytes.subarray(i, i + 5)
    }
    for await (const piece of decode(pieces(), encoding)) decoded += piece
    expect(decoded.endsWith(text)).toBe(true)
    expect(decoded.startsWith('\ufeff')).toBe(false)
  })

  test('a workbook, a compressed file, a picture and bytes without meaning are refused by what they hold', () => {
    expect(() => refuseOtherThanText(Buffer.from('PK\u0003\u0004rest'))).toThrow(
      expect.objectContaining({ code: 'contacts.file_is_workbook' }),
    )
    expect(() => refuseOtherThanText(Buffer.from([0x1f, 0x8b, 8]))).toThrow(
      expect.objectContaining({ code: 'contacts.file_is_compressed' }),
    )
    expect(() => refuseOtherThanText(Buffer.from('%PDF-1.7'))).toThrow(
      expect.objectContaining({ code: 'contacts.file_not_text' }),
    )
    expect(() => detect(Buffer.from(Array.from({ length: 500 }, (_, i) => (i * 97) % 256)))).toThrow(
      expect.objectContaining({ code: 'contacts.file_not_text' }),
    )
  })
})

describe('dialects', () => {
  test.each([
    [';', 'nom;montant\nDupont;1,5\nMartin;2,25\n'],
    [',', 'name,note\nAnn,"a;b;c"\nBob,x;y\n'],
    ['\t', 'a\tb\n1,2\t3,4\n'],
    ['|', 'a|b|c\n1|2|3\n'],
  ] as const)('the separator %j is found', (separator, text) => {
    expect(detectDialect(text, true)).toMatchObject({ separator, hasHeader: true })
  })

  test('a first row that holds data is no header; Excel’s sep= line is neither', () => {
    expect(detectDialect('a@example.com,Ann\nb@example.com,Bob\n', true).hasHeader).toBe(false)
    expect(detectDialect('sep=;\nemail;name\na@example.com;Ann\n', true)).toEqual({
      separator: ';',
      hasHeader: true,
      rowsBefore: 1,
    })
  })

  test('columns without a name get their number, and equal names are told apart', () => {
    expect(columnNames(['a', '', 'a'], 4)).toEqual(['a', '#2', 'a (2)', '#4'])
  })
})
