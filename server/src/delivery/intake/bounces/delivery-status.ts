/** The machine-readable part of a report: per-recipient groups of fields, as RFC 3464 has them and as MTAs write them. */
import { readHeaders } from './mail-parts.ts'

/** One recipient's group. */
export interface StatusGroup {
  address: string | null
  /** `failed`, `delayed`, `delivered`, `relayed`, `expanded`; empty when the group does not say. */
  action: string
  status: string
  comment: string
  diagnostic: string
  /** Which kind of system speaks in the diagnostic: `smtp`, `x-postfix`, `x-unix`, …; empty when unsaid. */
  diagnosticType: string
}

/** Groups of one report that are read. */
const GROUPS_MAX = 500
const RECIPIENT_FIELDS = ['final-recipient', 'original-recipient', 'x-actual-recipient'] as const

/** Reads the groups of a `message/delivery-status` part, or of a text that quotes one. */
export function readStatusGroups(text: string): StatusGroup[] {
  return text
    .replaceAll(/^(?:> ?)+/gm, '')
    .split(/\n[ \t]*\n+/)
    .flatMap(splitAtRecipients)
    .map(readHeaders)
    .filter((fields) => RECIPIENT_FIELDS.some((name) => fields.has(name)))
    .slice(0, GROUPS_MAX)
    .map((fields) => {
      const diagnostic = (fields.get('diagnostic-code') ?? []).join(' ')
      const typed = /^\s*([A-Za-z][\w-]*)\s*;\s*(.*)$/s.exec(diagnostic)
      return {
        address: recipientOf(fields),
        action: /^[a-z]+/.exec((fields.get('action')?.[0] ?? '').toLowerCase())?.[0] ?? '',
        status: fields.get('status')?.[0] ?? '',
        // Some write behind the status what they make of it.
        comment: /\(([^)]*)\)/.exec(fields.get('status')?.[0] ?? '')?.[1] ?? '',
        diagnostic: typed ? (typed[2] ?? '') : diagnostic,
        diagnosticType: (typed?.[1] ?? '').toLowerCase(),
      }
    })
}

/** Some write the groups of several recipients without a line between. */
function splitAtRecipients(block: string): string[] {
  const starts = [...block.matchAll(/^final-recipient:/gim)].map((match) => match.index)
  if (starts.length < 2) return [block]
  return starts.map((start, index) => block.slice(index === 0 ? 0 : start, starts[index + 1]))
}

/** Some give as the final address a route of their own machines: then the original one is the person's. */
function recipientOf(fields: ReadonlyMap<string, readonly string[]>): string | null {
  const found = RECIPIENT_FIELDS.flatMap((name) => fields.get(name) ?? []).flatMap(
    (value) => addressIn(value.replace(/^\s*[A-Za-z0-9-]+\s*;/, '')) ?? [],
  )
  return found.find((address) => /@[^@]+\.[^@.]+$/.test(address)) ?? found[0] ?? null
}

/** The address in a field or a line, without brackets, comments and route. */
export function addressIn(text: string): string | null {
  const found =
    /(?:"(?:[^"\\]|\\.)+"|[^\s<>()[\]{},;:"'|]+)@(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*)/.exec(
      text,
    )?.[0]
  return found === undefined ? null : found.replace(/^(?:=|\/)+/, '')
}
