/** A first hello: who we are, three first steps, one button. */
import { type Palette, type StarterMail, frame, starterSource } from './frame.ts'

const palette: Palette = {
  accent: '#4b3fd1',
  accentDark: '#a79fff',
  onAccentDark: '#15103d',
  tint: '#f1f0fd',
  tintDark: '#25233b',
}

const WORDS = {
  en: {
    name: 'Welcome',
    description: 'A warm first hello with three steps to begin. For the hour after somebody signs up.',
    subject: 'Welcome, {{ contact.first_name | default: "glad you are here" }}',
    preheader: 'Three small steps, and you are set.',
    headline: 'Glad you are here{% if contact.first_name %}, {{ contact.first_name }}{% endif %}',
    lead: 'Thank you for joining {{ organization.name }}. Here is what most people do first; it takes five minutes altogether.',
    steps: [
      ['Say what you like', 'Tell us what interests you, and we send only that.'],
      ['Look around', 'Our most loved pieces are a good place to begin.'],
      ['Write to us', 'Answer this mail with any question. A person reads it.'],
    ],
    button: 'Take the first step',
    bye: 'See you soon,<br />the team of {{ organization.name }}',
    reason: 'You receive this mail because you signed up.',
  },
  fr: {
    name: 'Bienvenue',
    description:
      'Un premier bonjour chaleureux et trois pas pour commencer. Dans l’heure qui suit l’inscription.',
    subject: 'Bienvenue, {{ contact.first_name | default: "ravis de vous voir" }}',
    preheader: 'Trois petits pas et tout est prêt.',
    headline: 'Ravis de vous voir{% if contact.first_name %}, {{ contact.first_name }}{% endif %}',
    lead: 'Merci d’avoir rejoint {{ organization.name }}. Voici par quoi la plupart commencent ; cinq minutes suffisent.',
    steps: [
      ['Dites ce que vous aimez', 'Indiquez vos centres d’intérêt, nous n’enverrons que cela.'],
      ['Faites un tour', 'Nos pièces préférées sont un bon début.'],
      ['Écrivez-nous', 'Répondez à cet e-mail : une personne vous lit.'],
    ],
    button: 'Faire le premier pas',
    bye: 'À bientôt,<br />l’équipe de {{ organization.name }}',
    reason: 'Vous recevez cet e-mail parce que vous vous êtes inscrit.',
  },
} as const

/** The welcome mail in a language. */
export function welcome(language: 'en' | 'fr'): StarterMail {
  const words = WORDS[language]
  const sections = `    <mj-section css-class="card panel" background-color="${palette.tint}" border-radius="12px 12px 0 0" padding="48px 40px 40px">
      <mj-column>
        <mj-text css-class="accent" align="center" font-size="44px" line-height="48px" color="${palette.accent}" padding="0 0 16px">✳</mj-text>
        <mj-text css-class="ink headline" align="center" font-size="32px" line-height="40px" font-weight="700" color="#1c1b18" padding="0">${words.headline}</mj-text>
      </mj-column>
    </mj-section>
    <mj-section css-class="card" padding="36px 40px 12px">
      <mj-column>
        <mj-text css-class="ink" align="center" padding="0 0 20px">${words.lead}</mj-text>
      </mj-column>
    </mj-section>
${words.steps.map((step, at) => stepSection(at, step[0], step[1])).join('\n')}
    <mj-section css-class="card" border-radius="0 0 12px 12px" padding="16px 40px 36px">
      <mj-column>
        <mj-button css-class="button" align="center" href="https://www.example.com/start">${words.button}</mj-button>
        <mj-text css-class="ink" align="center" padding="8px 0 0">${words.bye}</mj-text>
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

const stepSection = (at: number, title: string, line: string): string =>
  `    <mj-section css-class="card" padding="0 40px">
      <mj-group>
        <mj-column width="14%">
          <mj-text css-class="accent" font-size="24px" line-height="28px" font-weight="700" color="${palette.accent}" padding="0">${at + 1}</mj-text>
        </mj-column>
        <mj-column width="86%">
          <mj-text css-class="ink" padding="0 0 20px"><b>${title}</b><br />${line}</mj-text>
        </mj-column>
      </mj-group>
    </mj-section>`
