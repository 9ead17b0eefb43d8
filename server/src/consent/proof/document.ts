/**
 * The proof as a document for people: tagged PDF with headings and paragraphs, so that a screen reader tells it in
 * order. Its letters are those of Western Europe; whatever else a wording holds is exact in the JSON, and its hash here.
 */
import PdfDocument from 'pdfkit'
import type { Locale } from '../../platform/context.ts'
import { toWire } from '../../platform/ids.ts'
import type { Proof } from './proof.ts'

const MARGIN = 56
const TITLE_POINTS = 18
const HEADING_POINTS = 12
const TEXT_POINTS = 9.5
const MUTED = '#555555'

const TEXTS = {
  en: {
    title: 'Proof of consent',
    of: (id: string, organization: string, at: string) => `${organization} · contact ${id} · made ${at}`,
    chain: (verdict: string, entries: number) =>
      `Audit chain: ${verdict === 'ok' ? 'ok, every entry fits' : 'BROKEN'} (${entries} entries)`,
    inForce: 'In force',
    noWord: 'No word.',
    barred: 'Addresses barred',
    consents: 'What was said, in order',
    messages: 'What was sent, and what was left out',
    omitted: 'Earlier messages are not shown; the JSON says so as well.',
    none: 'None.',
    wording: 'Wording',
    source: 'Source',
    recorded: 'written down',
    page: (n: number, of: number) => `Page ${n} of ${of}`,
  },
  fr: {
    title: 'Preuve de consentement',
    of: (id: string, organization: string, at: string) =>
      `${organization} · contact ${id} · établie le ${at}`,
    chain: (verdict: string, entries: number) =>
      `Chaîne d’audit : ${verdict === 'ok' ? 'ok, chaque entrée concorde' : 'ROMPUE'} (${entries} entrées)`,
    inForce: 'En vigueur',
    noWord: 'Rien n’a été dit.',
    barred: 'Adresses exclues',
    consents: 'Ce qui a été dit, dans l’ordre',
    messages: 'Ce qui a été envoyé, et ce qui ne l’a pas été',
    omitted: 'Les messages plus anciens ne sont pas montrés ; le JSON le dit aussi.',
    none: 'Rien.',
    wording: 'Formulation',
    source: 'Source',
    recorded: 'noté le',
    page: (n: number, of: number) => `Page ${n} sur ${of}`,
  },
} as const

/** Draws it. */
export function proofDocument(
  proof: Proof,
  about: { organization: string; locale: Locale },
): Promise<Buffer> {
  const t = TEXTS[about.locale]
  const pdf = new PdfDocument({
    size: 'A4',
    margin: MARGIN,
    pdfVersion: '1.7',
    tagged: true,
    displayTitle: true,
    lang: about.locale,
    bufferPages: true,
    info: { Title: t.title, Creator: 'Fanfare', CreationDate: proof.createdAt, ModDate: proof.createdAt },
  })
  const bytes = gathered(pdf)
  const root = pdf.struct('Document')
  pdf.addStructure(root)
  const say = (kind: 'H1' | 'H2' | 'P', text: string, points: number, colour = '#000000'): void => {
    root.add(
      pdf.struct(kind, {}, () => {
        pdf
          .font(kind === 'P' ? 'Helvetica' : 'Helvetica-Bold')
          .fontSize(points)
          .fillColor(colour)
          .text(printable(text))
      }),
    )
  }
  const heading = (text: string): void => {
    pdf.moveDown(0.9)
    say('H2', text, HEADING_POINTS)
    pdf.moveDown(0.2)
  }
  const line = (text: string): void => say('P', text, TEXT_POINTS)
  const note = (text: string): void => say('P', text, TEXT_POINTS, MUTED)

  say('H1', t.title, TITLE_POINTS)
  note(t.of(toWire('contact', proof.contactId), about.organization, proof.createdAt.toISOString()))
  line(t.chain(proof.auditChain.verdict, proof.auditChain.entries))

  heading(t.inForce)
  if (proof.preferences.length === 0) line(t.noWord)
  for (const { channel, purpose, topic, state, decidedAt } of proof.preferences)
    line(
      `${channel} · ${purpose}${topic === null ? '' : ` (${topic})`}: ${state} · ${decidedAt.toISOString()}`,
    )

  if (proof.suppressions.length > 0) heading(t.barred)
  for (const { channel, reason, createdAt } of proof.suppressions)
    line(`${channel}: ${reason} · ${createdAt.toISOString()}`)

  heading(t.consents)
  if (proof.consents.length === 0) line(t.none)
  for (const event of proof.consents) {
    const topic = event.topic === null ? '' : ` (${event.topic})`
    line(
      `${event.occurredAt.toISOString()} · ${event.channel} · ${event.purpose}${topic}: ${event.state} (${event.basis})`,
    )
    const source = [event.source.kind, event.source.id, event.source.version].filter((part) => part !== null)
    note(`${t.source}: ${source.join(' · ')} · ${t.recorded} ${event.recordedAt.toISOString()}`)
    if (event.wording)
      note(`${t.wording} (${event.wording.locale}): “${event.wording.text}” · SHA-256 ${event.wording.hash}`)
    pdf.moveDown(0.3)
  }

  heading(t.messages)
  if (proof.messagesOmitted) note(t.omitted)
  if (proof.messages.length === 0) line(t.none)
  for (const message of proof.messages) {
    const at = (message.handedOverAt ?? message.stateAt).toISOString()
    const reason = message.reason === null ? '' : ` (${message.reason})`
    const campaign = message.campaignName ?? toWire('campaign', message.campaignId)
    line(`${at} · ${message.channel} · ${campaign}: ${message.state}${reason}`)
  }
  numberPages(pdf, t.page)
  pdf.end()
  return bytes
}

/** Page numbers are no content: a screen reader passes over them. */
function numberPages(pdf: PDFKit.PDFDocument, text: (n: number, of: number) => string): void {
  const { start, count } = pdf.bufferedPageRange()
  for (let page = start; page < start + count; page++) {
    pdf.switchToPage(page)
    const { margins } = pdf.page
    // Below the margin nothing may start a new page.
    pdf.page.margins = { ...margins, bottom: 0 }
    pdf.markContent('Artifact', { type: 'Pagination' })
    pdf
      .font('Helvetica')
      .fontSize(8)
      .fillColor(MUTED)
      .text(text(page - start + 1, count), MARGIN, pdf.page.height - 36, { lineBreak: false })
    pdf.endMarkedContent()
    pdf.page.margins = margins
  }
}

/** The built-in letters are those of Windows-1252; others would print as something else. */
function printable(text: string): string {
  return text
    .normalize('NFC')
    .replaceAll(
      /[^\u0020-\u007E\u00A0-\u00FF\u2013\u2014\u2018\u2019\u201C\u201D\u2022\u2026\u20AC\u0152\u0153]/g,
      (letter) => (letter === '\u202F' ? '\u00A0' : /\s/.test(letter) ? ' ' : '?'),
    )
}

function gathered(pdf: PDFKit.PDFDocument): Promise<Buffer> {
  const pieces: Buffer[] = []
  return new Promise((resolve, reject) => {
    pdf.on('data', (piece: Buffer) => pieces.push(piece))
    pdf.on('end', () => resolve(Buffer.concat(pieces)))
    pdf.on('error', reject)
  })
}
