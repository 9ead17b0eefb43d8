/** Our own templates, offered to everybody. */
import type { Ctx } from '../../platform/context.ts'
import { type MailSource, type Preview, STARTER_KEYS, type StarterKey } from '../schema.ts'
import { starter } from '../starters/index.ts'
import { previewMail } from './preview.ts'

/** A built-in template in one language. */
export interface Starter {
  key: StarterKey
  name: string
  description: string
  source: MailSource
}

/** All of them, in a fixed order. */
export const listStarters = (language: 'en' | 'fr'): Starter[] =>
  STARTER_KEYS.map((key) => ({ key, ...starter(key, language) }))

/** A built-in template as a sample person receives it. */
export function previewStarter(ctx: Ctx, key: StarterKey, language: 'en' | 'fr'): Promise<Preview> {
  const { source } = starter(key, language)
  return previewMail(ctx, { source, as: { sample: 'typical' }, theme: 'light', campaignName: '' })
}
