/** Opening a connection to a mail server, under a policy about where it may lead. */
import { lookup } from 'node:dns/promises'
import { connect, type Socket } from 'node:net'
import ipaddr from 'ipaddr.js'
import { after } from '../../../../platform/clock.ts'
import { networkWords } from '../../../../platform/egress/index.ts'
import type { Trouble } from '../../outcome.ts'
import type { Dial } from './smtp-pool.ts'

/**
 * - `any`: the operator named the server, who knows the network.
 * - `public`: an organization named it, which must not reach into the operator's network through us.
 */
export type DialPolicy = 'any' | 'public'

/**
 * Connects to the first address that answers. Under `public` every address of the name must be public, and the
 * connection goes to the address that was judged, so that a name cannot change its answer in between.
 */
export function dialUnder(policy: DialPolicy): Dial {
  return async (host, port, timeoutMs) => {
    const addresses = await resolve(host)
    if (!Array.isArray(addresses)) return addresses
    if (policy === 'public' && !addresses.every(isPublic))
      return {
        kind: 'unreachable',
        text: `${host} does not lead to a public address. Ask the operator to set SMTP_URL for a server of your own network.`,
      }
    let trouble: Trouble = { kind: 'unreachable', text: `${host} has no address.` }
    for (const address of addresses) {
      const socket = await open(address, `${host}:${port}`, { port, timeoutMs })
      if (!('kind' in socket)) return socket
      trouble = socket
    }
    return trouble
  }
}

async function resolve(host: string): Promise<string[] | Trouble> {
  if (ipaddr.isValid(host)) return [host]
  try {
    return (await lookup(host, { all: true })).map(({ address }) => address)
  } catch (error) {
    return {
      kind: 'unreachable',
      text: networkWords(error, host),
    }
  }
}

/** Is this an address of the public internet? */
export const isPublic = (address: string): boolean =>
  ipaddr.isValid(address) && ipaddr.process(address).range() === 'unicast'

function open(
  address: string,
  named: string,
  { port, timeoutMs }: { port: number; timeoutMs: number },
): Promise<Socket | Trouble> {
  return new Promise((resolve) => {
    const socket = connect({ host: address, port })
    const overdue = after(timeoutMs, () => socket.destroy(new Error(`No answer came from ${named} in time.`)))
    socket.once('connect', () => {
      overdue.stop()
      resolve(socket)
    })
    // Stays: between here and its first reader an error must not end the process.
    socket.on('error', (error) => {
      overdue.stop()
      resolve({ kind: 'unreachable', text: networkWords(error, named) })
    })
  })
}
