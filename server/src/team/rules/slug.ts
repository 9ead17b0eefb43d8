/** Readable, unique names of organizations for addresses. */
import { toWire, type OrgId } from '../../platform/ids.ts'

const WORDS_MAX = 40
const SUFFIX_LENGTH = 8

/** `Atelier Noël` → `atelier-noel-k3v9x2mq`: words without marks, and an end that no other organization has. */
export function slugOf(name: string, id: OrgId): string {
  const words = name
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, WORDS_MAX)
    .replaceAll(/^-+|-+$/g, '')
  const suffix = toWire('organization', id).slice(-SUFFIX_LENGTH)
  return words === '' ? suffix : `${words}-${suffix}`
}
