/** An offer that does not shout: the figure, the code, until when. */
import { type Palette, type StarterMail, frame, starterSource } from './frame.ts'

const palette: Palette = {
  accent: '#a63a1e',
  accentDark: '#ff9c80',
  onAccentDark: '#3a0f04',
  tint: '#fdf1ec',
  tintDark: '#33211b',
}

const WORDS = {
  en: {
    name: 'Sale or offer',
    description: 'A large figure, a code and a date. For a sale that needs no capitals.',
    subject: 'Twenty per cent off, until Sunday',
    preheader: 'For you, {{ contact.first_name | default: "and for nobody else" }}. The code is inside.',
    label: 'Until Sunday, midnight',
    figure: '−20 %',
    headline: 'On everything you have had your eye on',
    hello: 'Hello {{ contact.first_name | default: "there" }},',
    lead: 'Good things rarely get cheaper. This week they do: take a fifth off anything in the shop with the code below.',
    codeLabel: 'Your code',
    code: 'WARM20',
    button: 'Go to the shop',
    termsTitle: 'Good to know',
    terms: [
      ['Valid', 'until Sunday, midnight'],
      ['For', 'everything but gift cards'],
      ['Delivery', 'free from 40 €'],
    ],
    reason: 'You receive this mail because you asked for our offers.',
  },
  fr: {
    name: 'Soldes ou offre',
    description: 'Un grand chiffre, un code et une date. Pour une offre qui n’a pas besoin de crier.',
    subject: 'Vingt pour cent de moins, jusqu’à dimanche',
    preheader:
      'Pour vous, {{ contact.first_name | default: "et pour personne d’autre" }}. Le code est à l’intérieur.',
    label: 'Jusqu’à dimanche minuit',
    figure: '−20 %',
    headline: 'Sur tout ce qui vous faisait envie',
    hello: 'Bonjour {{ contact.first_name | default: "à vous" }},',
    lead: 'Les belles choses baissent rarement de prix. Cette semaine, si : un cinquième de moins sur toute la boutique avec le code ci-dessous.',
    codeLabel: 'Votre code',
    code: 'DOUX20',
    button: 'Aller à la boutique',
    termsTitle: 'Bon à savoir',
    terms: [
      ['Valable', 'jusqu’à dimanche minuit'],
      ['Sur', 'tout, sauf les cartes cadeaux'],
      ['Livraison', 'offerte dès 40 €'],
    ],
    reason: 'Vous recevez cet e-mail parce que vous avez demandé nos offres.',
  },
} as const

/** The offer in a language. */
export function offer(language: 'en' | 'fr'): StarterMail {
  const words = WORDS[language]
  const sections = `    <mj-section css-class="panel" background-color="${palette.tint}" border-radius="12px 12px 0 0" padding="44px 40px 40px">
      <mj-column>
        <mj-text css-class="accent" align="center" font-size="14px" line-height="20px" font-weight="600" color="${palette.accent}" padding="0 0 8px">${words.label}</mj-text>
        <mj-text css-class="accent figure" align="center" font-size="76px" line-height="84px" font-weight="700" color="${palette.accent}" padding="0 0 8px">${words.figure}</mj-text>
        <mj-text css-class="ink" align="center" font-size="20px" line-height="30px" color="#1c1b18" padding="0">${words.headline}</mj-text>
      </mj-column>
    </mj-section>
    <mj-section css-class="card" padding="36px 40px 0">
      <mj-column>
        <mj-text css-class="ink">${words.hello}</mj-text>
        <mj-text css-class="ink" padding="0 0 24px">${words.lead}</mj-text>
      </mj-column>
    </mj-section>
    <mj-section css-class="card" padding="0 40px 8px">
      <mj-column css-class="panel" background-color="${palette.tint}" border-radius="10px" padding="20px">
        <mj-text css-class="soft" align="center" font-size="13px" line-height="20px" color="#6b4a3f" padding="0 0 4px">${words.codeLabel}</mj-text>
        <mj-text css-class="ink" align="center" font-family="ui-monospace, Menlo, Consolas, monospace" font-size="26px" line-height="32px" font-weight="700" letter-spacing="2px" color="#1c1b18" padding="0">${words.code}</mj-text>
      </mj-column>
    </mj-section>
    <mj-section css-class="card" padding="16px 40px 0">
      <mj-column>
        <mj-button css-class="button" align="center" href="https://www.example.com/shop?code=${words.code}">${words.button}</mj-button>
        <mj-divider css-class="rule" padding="8px 0 24px" />
      </mj-column>
    </mj-section>
    <mj-section css-class="card" border-radius="0 0 12px 12px" padding="0 40px 36px">
      <mj-column>
        <mj-text css-class="ink" font-weight="600" padding="0 0 8px">${words.termsTitle}</mj-text>
        <mj-table css-class="ink" font-size="15px" line-height="26px" color="#33302b" padding="0">
${words.terms.map((term) => `          <tr><td style="padding:0 16px 0 0;width:30%">${term[0]}</td><td>${term[1]}</td></tr>`).join('\n')}
        </mj-table>
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
