/** What the sample is called, in the language of who asked for it. */
import type { Locale } from '../platform/context.ts'

interface SampleTexts {
  organization: string
  fields: { orders: string; revenue: string; firstOrder: string; lastOrder: string }
  segments: { loyal: string; lately: string; french: string; quiet: string }
  campaigns: { autumn: string; winBack: string }
  wording: string
}

export const sampleTexts: Readonly<Record<Locale, SampleTexts>> = {
  en: {
    organization: 'Sample: gift shop',
    fields: { orders: 'Orders', revenue: 'Revenue', firstOrder: 'First order', lastOrder: 'Last order' },
    segments: {
      loyal: 'Loyal customers',
      lately: 'Bought in the last 30 days',
      french: 'French speakers',
      quiet: 'Quiet for half a year',
    },
    campaigns: { autumn: 'Autumn letter to loyal customers', winBack: 'We miss you' },
    wording: 'Yes, send me news and offers by e-mail.',
  },
  fr: {
    organization: 'Exemple : boutique de cadeaux',
    fields: {
      orders: 'Commandes',
      revenue: 'Chiffre d’affaires',
      firstOrder: 'Première commande',
      lastOrder: 'Dernière commande',
    },
    segments: {
      loyal: 'Clients fidèles',
      lately: 'Ont acheté ces 30 derniers jours',
      french: 'Francophones',
      quiet: 'Silencieux depuis six mois',
    },
    campaigns: { autumn: 'Lettre d’automne aux fidèles', winBack: 'Vous nous manquez' },
    wording: 'Oui, envoyez-moi des nouvelles et des offres par e-mail.',
  },
}
