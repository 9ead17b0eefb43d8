/** The proof of one person's consent as a table: words and messages in the order in which they happened. */
import { BYTE_ORDER_MARK, csvRow } from '../../contacts/index.ts'
import { toWire } from '../../platform/ids.ts'
import type { Proof } from './proof.ts'

const COLUMNS = [
  'at',
  'kind',
  'channel',
  'purpose',
  'topic',
  'state',
  'reason',
  'basis',
  'source',
  'sourceId',
  'sourceVersion',
  'wording',
  'wordingLanguage',
  'wordingHash',
  'recordedAt',
  'expiresAt',
  'actor',
  'campaign',
  'campaignId',
]

/** Rows end with the verdict on the audit chain. */
export function proofTable(proof: Proof): string {
  const words = proof.consents.map((event) => ({
    at: event.occurredAt,
    cells: [
      event.occurredAt.toISOString(),
      'consent',
      event.channel,
      event.purpose,
      event.topic,
      event.state,
      event.reason,
      event.basis,
      event.source.kind,
      event.source.id,
      event.source.version,
      event.wording?.text ?? null,
      event.wording?.locale ?? null,
      event.wording?.hash ?? null,
      event.recordedAt.toISOString(),
      event.expiresAt?.toISOString() ?? null,
      [event.actor.kind, event.actor.id].filter((part) => part !== null).join(':'),
      event.campaignName,
      event.campaignId === null ? null : toWire('campaign', event.campaignId),
    ],
  }))
  const messages = proof.messages.map((message) => ({
    at: message.handedOverAt ?? message.stateAt,
    cells: [
      (message.handedOverAt ?? message.stateAt).toISOString(),
      'message',
      message.channel,
      null,
      null,
      message.state,
      message.reason,
      ...Array.from({ length: 10 }, () => null),
      message.campaignName,
      toWire('campaign', message.campaignId),
    ],
  }))
  const rows = [...words, ...messages].toSorted((a, b) => a.at.getTime() - b.at.getTime())
  const verdict = [
    proof.createdAt.toISOString(),
    'audit_chain',
    null,
    null,
    null,
    proof.auditChain.verdict,
    `${proof.auditChain.entries} entries`,
    ...Array.from({ length: 12 }, () => null),
  ]
  return BYTE_ORDER_MARK + csvRow(COLUMNS) + rows.map(({ cells }) => csvRow(cells)).join('') + csvRow(verdict)
}
