import PdfDocument from 'pdfkit'
import { describe, expect, test } from 'vitest'
import { paperPdf } from './index.ts'
import { fontBytes, printable } from './letters.ts'

const NAMES =
  'Łukasz Żółć · Жанна Їжак · Γιώργος Ελλάδα · Nguyễn Thị Hạnh · Şükrü Iğdır · Đorđe Čačić · Ātrā ș ț'

describe('letters of documents', () => {
  test('names of Latin, Greek, Cyrillic and Vietnamese letters are printed as they are', () => {
    expect(printable(NAMES)).toBe(NAMES.normalize('NFC'))
    expect(printable('1 234 € → ≥ −3')).toBe('1 234 € → ≥ −3')
  })

  test('what no font here has loses its marks or is a question mark; what is not seen is left out', () => {
    expect(printable('ｆｕｌｌ ﬁne 漢 ❤️')).toBe('full fine ? ?')
    expect(printable('a\u200Bb\u00ADc\td')).toBe('abc d')
  })

  test('every letter that is called printable is in both fonts', () => {
    const letters = Array.from({ length: 0x3000 }, (_none, code) => String.fromCodePoint(code)).filter(
      (letter) => letter !== '?' && letter.trim() !== '' && printable(letter) === letter,
    )
    expect(letters.length).toBeGreaterThan(1_500)
    const pdf = new PdfDocument()
    for (const bytes of Object.values(fontBytes())) {
      pdf.font(bytes)
      // The face as pdfkit has opened it; its types do not show it.
      const { font } = Reflect.get(pdf, '_font') as { font: { hasGlyphForCodePoint(code: number): boolean } }
      expect(letters.filter((letter) => !font.hasGlyphForCodePoint(letter.codePointAt(0) ?? 0))).toEqual([])
    }
  })

  test('a document carries its letters with it, and only those it uses', async () => {
    const pdf = await paperPdf({
      title: NAMES,
      subtitle: 'Été',
      locale: 'fr',
      createdAt: new Date('2026-11-20T08:00:00Z'),
      foot: 'Fanfare',
      blocks: [{ kind: 'text', text: NAMES }],
    })
    const text = pdf.toString('latin1')
    expect(text).toContain('/FontFile2')
    expect(text).not.toContain('/BaseFont /Helvetica')
    expect(text).toContain('/StructTreeRoot')
    expect(pdf.length).toBeLessThan(60_000)
  })
})
