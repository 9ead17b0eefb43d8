/** A rule as a sentence. */
import type { Node } from './node.ts'
import type { Locale, Words } from './words.ts'

const EVERYONE: Words = { en: 'Everyone', fr: 'Tout le monde' }
const NOBODY: Words = { en: 'Nobody', fr: 'Personne' }
const PEOPLE: Words = { en: 'People', fr: 'Les personnes' }
const EVERYONE_EXCEPT: Words = { en: 'Everyone except people', fr: 'Tout le monde sauf les personnes' }
const EXCEPT_THOSE: Words = { en: ', except those', fr: ', sauf celles' }
const NOT_AMONG: Words = { en: 'who are not among those', fr: 'qui ne sont pas parmi celles' }
const JOINED: Readonly<Record<'all' | 'any', Words>> = {
  all: { en: ', and ', fr: ', et ' },
  any: { en: ', or ', fr: ', ou ' },
}

/** Who matches, in one sentence: `People whose country is France, and who have the tag “vip”.` */
export function sentence(node: Node, locale: Locale): string {
  return `${opening(flattened(node), locale)}.`
}

function opening(node: Node, locale: Locale): string {
  if (node.kind === 'not') return `${EVERYONE_EXCEPT[locale]} ${relative(node.node, locale)}`
  if (node.kind === 'leaf') return `${PEOPLE[locale]} ${node.leaf.phrase[locale]}`
  if (node.nodes.length === 0) return node.kind === 'all' ? EVERYONE[locale] : NOBODY[locale]
  if (node.kind === 'all' && node.nodes.every((child) => child.kind === 'not'))
    return `${EVERYONE_EXCEPT[locale]} ${exceptions(node.nodes, locale)}`
  return `${PEOPLE[locale]} ${relative(node, locale)}`
}

/** The node as a relative clause: `whose country is France, and who …`. */
function relative(node: Node, locale: Locale): string {
  switch (node.kind) {
    case 'leaf':
      return node.leaf.phrase[locale]
    case 'not':
      return `${NOT_AMONG[locale]} ${inner(node.node, locale)}`
    case 'any':
      return node.nodes.map((child) => inner(child, locale)).join(JOINED.any[locale])
    case 'all': {
      const required = node.nodes.filter((child) => child.kind !== 'not')
      if (required.length === 0)
        return node.nodes.map((child) => relative(child, locale)).join(JOINED.all[locale])
      const denied = node.nodes.filter((child) => child.kind === 'not')
      const head = required.map((child) => inner(child, locale)).join(JOINED.all[locale])
      return denied.length === 0 ? head : `${head}${EXCEPT_THOSE[locale]} ${exceptions(denied, locale)}`
    }
  }
}

/** Whoever matches one of several denied nodes is left out. */
function exceptions(nodes: readonly Node[], locale: Locale): string {
  return nodes
    .map((child) => (child.kind === 'not' ? inner(child.node, locale) : ''))
    .join(JOINED.any[locale])
}

/** Groups of several stand in brackets, so that "and" and "or" cannot be misread. */
function inner(node: Node, locale: Locale): string {
  const text = relative(node, locale)
  const isGroup = (node.kind === 'all' || node.kind === 'any') && node.nodes.length > 1
  return isGroup ? `(${text})` : text
}

/** Groups of one and groups inside a group of their own kind say nothing that a sentence needs. */
function flattened(node: Node): Node {
  if (node.kind === 'leaf') return node
  if (node.kind === 'not') {
    const child = flattened(node.node)
    return child.kind === 'not' ? child.node : { kind: 'not', node: child }
  }
  const nodes = node.nodes
    .map(flattened)
    .flatMap((child) => (child.kind === node.kind ? child.nodes : [child]))
  const [only] = nodes
  return nodes.length === 1 && only ? only : { kind: node.kind, nodes }
}
