/** Something new: one bold panel, what it does for the reader, one button. */
import { type Palette, type StarterMail, frame, starterSource } from './frame.ts'

const palette: Palette = {
  accent: '#0b5d8a',
  accentDark: '#7cc7f2',
  onAccentDark: '#06202f',
  tint: '#0d2b3d',
  tintDark: '#12344a',
}

const WORDS = {
  en: {
    name: 'Product launch',
    description: 'One bold panel and three good reasons. For the day something new is there.',
    subject: 'It is here: the thing you asked for',
    preheader: 'Made for people who said “if only it could…”.',
    label: 'New',
    headline: 'The one you have been waiting for',
    under: 'Say in one line what it changes for the reader.',
    button: 'See it now',
    hello: 'Hello {{ contact.first_name | default: "there" }},',
    lead: 'For months you told us what was missing. Today it is ready. Explain here what it is, without a single adjective that you would not say aloud.',
    reasons: [
      ['It saves time', 'What took an hour takes five minutes.'],
      ['It lasts', 'Made to be repaired, with parts that stay in stock.'],
      ['It is yours', 'Thirty days to try it, returned without a question.'],
    ],
    again: 'Find out more',
    reason: 'You receive this mail because you asked to hear about our news.',
  },
  fr: {
    name: 'Lancement de produit',
    description: 'Un grand panneau et trois bonnes raisons. Pour le jour où la nouveauté est là.',
    subject: 'C’est arrivé : ce que vous nous demandiez',
    preheader: 'Pour tous ceux qui disaient « si seulement… ».',
    label: 'Nouveau',
    headline: 'Celui que vous attendiez',
    under: 'Dites en une ligne ce qui change pour le lecteur.',
    button: 'Le découvrir',
    hello: 'Bonjour {{ contact.first_name | default: "à vous" }},',
    lead: 'Pendant des mois, vous nous avez dit ce qui manquait. C’est prêt. Expliquez ici ce que c’est, sans un seul adjectif que vous ne diriez pas à voix haute.',
    reasons: [
      ['Du temps gagné', 'Ce qui prenait une heure prend cinq minutes.'],
      ['Fait pour durer', 'Conçu pour être réparé, avec des pièces qui restent en stock.'],
      ['À vous', 'Trente jours pour l’essayer, retour sans question.'],
    ],
    again: 'En savoir plus',
    reason: 'Vous recevez cet e-mail parce que vous suivez nos nouveautés.',
  },
} as const

/** The launch mail in a language. */
export function launch(language: 'en' | 'fr'): StarterMail {
  const words = WORDS[language]
  const sections = `    <mj-section css-class="panel" background-color="${palette.tint}" border-radius="12px 12px 0 0" padding="56px 40px 48px">
      <mj-column>
        <mj-text font-size="13px" line-height="20px" font-weight="600" color="#9fd3f3" padding="0 0 16px">${words.label}</mj-text>
        <mj-text css-class="headline" font-size="40px" line-height="48px" font-weight="700" color="#ffffff" padding="0 0 16px">${words.headline}</mj-text>
        <mj-text font-size="18px" line-height="28px" color="#d5e6f1" padding="0 0 28px">${words.under}</mj-text>
        <mj-button background-color="#ffffff" color="#0d2b3d" href="https://www.example.com/new" padding="0">${words.button}</mj-button>
      </mj-column>
    </mj-section>
    <mj-section css-class="card" padding="40px 40px 8px">
      <mj-column>
        <mj-text css-class="ink">${words.hello}</mj-text>
        <mj-text css-class="ink" padding="0 0 24px">${words.lead}</mj-text>
      </mj-column>
    </mj-section>
    <mj-section css-class="card" padding="0 24px 16px">
${words.reasons.map((reason) => reasonColumn(reason[0], reason[1])).join('\n')}
    </mj-section>
    <mj-section css-class="card" border-radius="0 0 12px 12px" padding="0 40px 24px">
      <mj-column>
        <mj-button css-class="button" href="https://www.example.com/new/details">${words.again}</mj-button>
      </mj-column>
    </mj-section>`
  return {
    name: words.name,
    description: words.description,
    source: starterSource(
      language,
      words.subject,
      words.preheader,
      frame({ language, palette, sections, reason: words.reason }),
    ),
  }
}

const reasonColumn = (title: string, line: string): string =>
  `      <mj-column padding="0 16px">
        <mj-text css-class="accent" font-size="16px" line-height="24px" font-weight="700" color="${palette.accent}" padding="0 0 4px">${title}</mj-text>
        <mj-text css-class="ink" font-size="15px" line-height="24px" padding="0 0 24px">${line}</mj-text>
      </mj-column>`
