/** An invitation: the day in large, then when, where and how. */
import { type Palette, SERIF, type StarterMail, frame, starterSource } from './frame.ts'

const palette: Palette = {
  accent: '#7a2f6d',
  accentDark: '#e8a3db',
  onAccentDark: '#33102c',
  tint: '#f8eff6',
  tintDark: '#2e2029',
}

const WORDS = {
  en: {
    name: 'Event invitation',
    description: 'The day in large, then when, where and how to come. For openings, talks and lives.',
    subject: 'You are invited: an evening on 12 December',
    preheader: 'Thirty places, one of them yours if you like.',
    month: 'December',
    day: '12',
    weekday: 'Saturday, 7 pm',
    headline: 'An evening among friends',
    hello: 'Hello {{ contact.first_name | default: "there" }},',
    lead: 'We open our doors for one evening and would love to see you. Say here what will happen, who will be there, and why it will be worth the way.',
    facts: [
      ['When', 'Saturday 12 December, 7 to 10 pm'],
      ['Where', '12 Harbour Street, second floor'],
      ['Price', 'Free, with your name on the list'],
    ],
    button: 'Keep me a place',
    cannot: 'Cannot come? <a href="https://www.example.com/event/online">Watch it from home</a> instead.',
    reason: 'You receive this invitation because you follow our events.',
  },
  fr: {
    name: 'Invitation',
    description:
      'Le jour en grand, puis quand, où et comment venir. Pour un vernissage, une rencontre, un direct.',
    subject: 'Vous êtes invité : une soirée le 12 décembre',
    preheader: 'Trente places, dont une pour vous si vous voulez.',
    month: 'décembre',
    day: '12',
    weekday: 'samedi, 19 h',
    headline: 'Une soirée entre amis',
    hello: 'Bonjour {{ contact.first_name | default: "à vous" }},',
    lead: 'Nous ouvrons nos portes le temps d’une soirée et aimerions vous y voir. Dites ici ce qui s’y passera, qui sera là et pourquoi le chemin en vaut la peine.',
    facts: [
      ['Quand', 'Samedi 12 décembre, de 19 h à 22 h'],
      ['Où', '12, rue du Port, deuxième étage'],
      ['Prix', 'Gratuit, sur inscription'],
    ],
    button: 'Garder une place',
    cannot:
      'Vous ne pouvez pas venir ? <a href="https://www.example.com/event/online">Suivez la soirée de chez vous</a>.',
    reason: 'Vous recevez cette invitation parce que vous suivez nos rendez-vous.',
  },
} as const

/** The invitation in a language. */
export function event(language: 'en' | 'fr'): StarterMail {
  const words = WORDS[language]
  const sections = `    <mj-section css-class="panel" background-color="${palette.tint}" border-radius="12px 12px 0 0" padding="44px 40px 36px">
      <mj-column>
        <mj-text css-class="accent" align="center" font-family="${SERIF}" font-size="20px" line-height="26px" color="${palette.accent}" padding="0">${words.month}</mj-text>
        <mj-text css-class="accent figure" align="center" font-family="${SERIF}" font-size="84px" line-height="92px" color="${palette.accent}" padding="0">${words.day}</mj-text>
        <mj-text css-class="ink" align="center" font-size="16px" line-height="24px" padding="0">${words.weekday}</mj-text>
      </mj-column>
    </mj-section>
    <mj-section css-class="card" padding="36px 40px 0">
      <mj-column>
        <mj-text css-class="ink headline" font-family="${SERIF}" font-size="32px" line-height="40px" color="#1c1b18" padding="0 0 20px">${words.headline}</mj-text>
        <mj-text css-class="ink">${words.hello}</mj-text>
        <mj-text css-class="ink" padding="0 0 24px">${words.lead}</mj-text>
        <mj-table css-class="ink" font-size="16px" line-height="26px" color="#33302b" padding="0 0 28px">
${words.facts.map((fact) => `          <tr><td style="padding:8px 16px 8px 0;width:26%;border-top:1px solid #e6e3dd"><b>${fact[0]}</b></td><td style="padding:8px 0;border-top:1px solid #e6e3dd">${fact[1]}</td></tr>`).join('\n')}
        </mj-table>
      </mj-column>
    </mj-section>
    <mj-section css-class="card" border-radius="0 0 12px 12px" padding="0 40px 28px">
      <mj-column>
        <mj-button css-class="button" href="https://www.example.com/event/place">${words.button}</mj-button>
        <mj-text css-class="ink" font-size="15px" line-height="24px" padding="0">${words.cannot}</mj-text>
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
