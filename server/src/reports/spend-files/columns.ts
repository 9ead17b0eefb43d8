/** Which column of a file of spends says what. Pure. */
import { fold } from '../../contacts/index.ts'
import type { SpendColumn } from '../schema.ts'

/** Names as tools and people write them, in English and French, without accents. */
const NAMES: Readonly<Record<SpendColumn, readonly string[]>> = {
  date: ['date', 'day', 'jour', 'start', 'from', 'debut', 'start date', 'date de debut', 'reporting starts'],
  until: [
    'until',
    'to',
    'end',
    'fin',
    'last day',
    'dernier jour',
    'end date',
    'date de fin',
    'reporting ends',
  ],
  campaign: ['campaign', 'campagne', 'campaign id', 'campaign name', 'nom de la campagne', 'nom de campagne'],
  channel: ['channel', 'canal'],
  platform: ['platform', 'plateforme', 'network', 'reseau'],
  amount: [
    'amount',
    'montant',
    'cost',
    'cout',
    'spend',
    'depense',
    'depenses',
    'amount spent',
    'montant depense',
  ],
  currency: ['currency', 'devise', 'monnaie'],
  note: ['note', 'notes', 'comment', 'commentaire', 'description', 'libelle'],
}

/**
 * The place of each column that a header names; the first of two that say the same. Brackets behind a name are its unit:
 * `Amount spent (EUR)`.
 */
export function columnsOf(header: readonly string[]): ReadonlyMap<SpendColumn, number> {
  const found = new Map<SpendColumn, number>()
  for (const [at, text] of header.entries()) {
    const name = fold(text.replace(/\(.*\)\s*$/, ''))
      .replaceAll(/[_\-\s]+/g, ' ')
      .trim()
    for (const [column, names] of Object.entries(NAMES) as [SpendColumn, readonly string[]][])
      if (names.includes(name) && !found.has(column)) found.set(column, at)
  }
  return found
}

/** The currency that the header states for its amounts, as in `Amount spent (EUR)`; null where it states none. */
export function headerCurrency(
  header: readonly string[],
  columns: ReadonlyMap<SpendColumn, number>,
): string | null {
  const text = header[columns.get('amount') ?? -1] ?? ''
  return /\(\s*([A-Z]{3}|\p{Sc})\s*\)\s*$/u.exec(text)?.[1] ?? null
}
