import { useTranslations } from 'use-intl'
import { useFormat } from '../../platform/format.ts'
import type { Part } from './api.ts'
import { CHANNELS } from './channels.ts'

/** What a part is called in the reader's words. */
export function usePartName(by: Part): (label: string) => string {
  const t = useTranslations('campaigns.report.breakdown')
  const channels = useTranslations('campaigns.channels.names')
  const format = useFormat()
  const countries = new Intl.DisplayNames(format.locale, { type: 'region' })
  return (label) => {
    switch (by) {
      case 'country':
        return label === '' ? t('nowhere') : (countries.of(label) ?? label)
      case 'variant':
        return label === '0' ? t('onlyVariant') : t('variant', { n: label })
      case 'channel': {
        const channel = CHANNELS.find((known) => known === label)
        return channel === undefined ? label : channels(channel)
      }
      case 'hour':
        return t('hour', { from: label, to: String((Number(label) + 1) % 24) })
      case 'segment':
        return label
    }
  }
}
