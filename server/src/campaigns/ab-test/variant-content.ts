/** What a variant of a test says. */
import type { Experiment } from '../../experiments/index.ts'
import { abTestContent, type Content } from '../schema.ts'

/** What a variant says: the campaign's content, with its own in place of it channel by channel. */
export function contentOfVariant(
  content: Content,
  variant: Pick<Experiment['variants'][number], 'content'>,
): Content {
  return variant.content === null
    ? content
    : { ...content, ...definedParts(abTestContent.parse(variant.content)) }
}

function definedParts(content: Partial<{ [K in keyof Content]: Content[K] | undefined }>): Partial<Content> {
  return Object.fromEntries(Object.entries(content).filter(([, value]) => value !== undefined))
}
