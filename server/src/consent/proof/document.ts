/**
 * The proof as a document for people. Letters that its font lacks are marked; whatever a wording holds is exact in
 * the JSON, and its hash here.
 */
import type { Locale } from '../../platform/context.ts'
import { paperPdf, type Block } from '../../platform/document/index.ts'
import { toWire } from '../../platform/ids.ts'
import { labelled } from '../../platform/in-words.ts'
import type { Proof } from './proof.ts'

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
  },
} as const

/** Draws it. */
export function proofDocument(
  proof: Proof,
  about: { organization: string; locale: Locale },
): Promise<Buffer> {
  const t = TEXTS[about.locale]
  const made = proof.createdAt.toISOString()
  return paperPdf({
    title: t.title,
    subtitle: t.of(toWire('contact', proof.contactId), about.organization, made),
    locale: about.locale,
    foot: `${about.organization} · ${t.title}`,
    createdAt: proof.createdAt,
    blocks: [
      line(t.chain(proof.auditChain.verdict, proof.auditChain.entries)),
      ...inForce(proof, t),
      { kind: 'heading', text: t.consents },
      ...(proof.consents.length === 0
        ? [line(t.none)]
        : proof.consents.flatMap((event) => saidLines(event, about.locale))),
      { kind: 'heading', text: t.messages },
      ...(proof.messagesOmitted ? [note(t.omitted)] : []),
      ...(proof.messages.length === 0 ? [line(t.none)] : proof.messages.map(messageLine)),
    ],
  })
}

type Texts = (typeof TEXTS)[Locale]
const line = (text: string): Block => ({ kind: 'text', text })
const note = (text: string): Block => ({ kind: 'text', text, isMuted: true })

function inForce({ preferences, suppressions }: Proof, t: Texts): Block[] {
  return [
    { kind: 'heading', text: t.inForce },
    ...(preferences.length === 0 ? [line(t.noWord)] : []),
    ...preferences.map(({ channel, purpose, topic, state, decidedAt }) =>
      line(
        `${channel} · ${purpose}${topic === null ? '' : ` (${topic})`}: ${state} · ${decidedAt.toISOString()}`,
      ),
    ),
    ...(suppressions.length > 0 ? [{ kind: 'heading' as const, text: t.barred }] : []),
    ...suppressions.map(({ channel, reason, createdAt }) =>
      line(`${channel}: ${reason} · ${createdAt.toISOString()}`),
    ),
  ]
}

function saidLines(event: Proof['consents'][number], locale: Locale): Block[] {
  const t = TEXTS[locale]
  const topic = event.topic === null ? '' : ` (${event.topic})`
  const source = [event.source.kind, event.source.id, event.source.version].filter((part) => part !== null)
  return [
    line(
      `${event.occurredAt.toISOString()} · ${event.channel} · ${event.purpose}${topic}: ${event.state} (${event.basis})`,
    ),
    note(
      labelled(locale, t.source, `${source.join(' · ')} · ${t.recorded} ${event.recordedAt.toISOString()}`),
    ),
    ...(event.wording
      ? [
          note(
            labelled(
              locale,
              `${t.wording} (${event.wording.locale})`,
              `“${event.wording.text}” · SHA-256 ${event.wording.hash}`,
            ),
          ),
        ]
      : []),
    { kind: 'gap' },
  ]
}

function messageLine(message: Proof['messages'][number]): Block {
  const at = (message.handedOverAt ?? message.stateAt).toISOString()
  const reason = message.reason === null ? '' : ` (${message.reason})`
  const campaign = message.campaignName ?? toWire('campaign', message.campaignId)
  return line(`${at} · ${message.channel} · ${campaign}: ${message.state}${reason}`)
}
