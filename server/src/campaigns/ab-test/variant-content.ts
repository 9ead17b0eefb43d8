/** What a variant of a test says. */
import type { Experiment, Variant } from '../../experiments/index.ts'
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

/** A test's variants with all that each says, as they leave: the campaign's own content may change afterwards. */
export const variantsThatLeave = (
  content: Content,
  variants: Experiment['variants'],
): (Omit<Variant, 'content'> & { content: Content | null })[] =>
  variants.map((variant) => ({
    ...variant,
    content: variant.isControl ? null : contentOfVariant(content, variant),
  }))

/** What those variants say that send something. */
export const contentsOf = (
  variants: readonly { no: number; content: Content | null }[],
): { no: number; content: Content }[] =>
  variants.flatMap(({ no, content }) => (content === null ? [] : [{ no, content }]))

function definedParts(content: Partial<{ [K in keyof Content]: Content[K] | undefined }>): Partial<Content> {
  return Object.fromEntries(Object.entries(content).filter(([, value]) => value !== undefined))
}
