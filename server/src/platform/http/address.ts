/** Addresses of callers, cut so that they name a neighbourhood and no person. */
import ipaddr from 'ipaddr.js'

/** `203.0.113.7` → `203.0.113.0/24`, IPv6 to /48; null for what is no address. Source: compliance report §3.3 */
export function addressPrefixOf(address: string): string | null {
  if (!ipaddr.isValid(address)) return null
  const parsed = ipaddr.process(address)
  if (parsed.kind() === 'ipv4') return `${parsed.toByteArray().slice(0, 3).join('.')}.0/24`
  const head = parsed.toByteArray().slice(0, 6)
  return `${ipaddr.fromByteArray([...head, ...Array.from({ length: 10 }, () => 0)]).toString()}/48`
}
