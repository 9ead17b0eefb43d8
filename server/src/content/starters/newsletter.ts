/** A newsletter that reads like a letter: one story in full, three in short. */
import { type Palette, SERIF, type StarterMail, frame, starterSource } from './frame.ts'

const palette: Palette = {
  accent: '#1f6b4f',
  accentDark: '#7fd1ad',
  onAccentDark: '#0c2419',
  tint: '#eef4f0',
  tintDark: '#1f2a25',
}

const WORDS = {
  en: {
    name: 'Newsletter',
    description: 'One story in full, three in short. For what you send every week or month.',
    subject: 'What kept us busy this month',
    preheader: 'One long read, three short ones, and what comes next.',
    issue: 'The letter · No. 12',
    headline: 'What we learned from a quiet month',
    hello: 'Hello {{ contact.first_name | default: "there" }},',
    lead: 'A good newsletter begins with one thing worth reading. Tell it here in your own voice: what happened, why it matters, and what the reader can take from it. Two short paragraphs are enough.',
    second: 'Then point to where the story goes on, for those who want more.',
    button: 'Read the whole story',
    also: 'Also worth your time',
    stories: [
      ['A question we are asked often', 'The short answer, in one sentence that stands on its own.'],
      ['Behind the scenes', 'A glimpse of how something is made, and by whom.'],
      ['Coming up', 'What readers can look forward to, with its date.'],
    ],
    read: 'Read on',
    bye: 'Until next month,<br />the team of {{ organization.name }}',
    reason: 'You receive this letter because you subscribed to it.',
  },
  fr: {
    name: 'Lettre d’information',
    description: 'Un sujet en entier, trois en bref. Pour votre envoi de la semaine ou du mois.',
    subject: 'Ce qui nous a occupés ce mois-ci',
    preheader: 'Un long article, trois brèves et la suite du programme.',
    issue: 'La lettre · nº 12',
    headline: 'Ce qu’un mois calme nous a appris',
    hello: 'Bonjour {{ contact.first_name | default: "à vous" }},',
    lead: 'Une bonne lettre commence par une chose qui vaut la lecture. Racontez-la ici avec votre voix : ce qui s’est passé, pourquoi cela compte et ce que le lecteur peut en retenir. Deux courts paragraphes suffisent.',
    second: 'Indiquez ensuite où l’histoire continue, pour ceux qui en veulent plus.',
    button: 'Lire tout l’article',
    also: 'À lire aussi',
    stories: [
      ['Une question que l’on nous pose souvent', 'La réponse courte, en une phrase qui se suffit.'],
      ['Dans les coulisses', 'Comment une chose se fait, et par qui.'],
      ['Bientôt', 'Ce qui attend vos lecteurs, avec sa date.'],
    ],
    read: 'Lire la suite',
    bye: 'Au mois prochain,<br />l’équipe de {{ organization.name }}',
    reason: 'Vous recevez cette lettre parce que vous vous y êtes abonné.',
  },
} as const

/** The newsletter in a language. */
export function newsletter(language: 'en' | 'fr'): StarterMail {
  const words = WORDS[language]
  const sections = `    <mj-section css-class="card" border-radius="12px 12px 0 0" padding="40px 40px 0">
      <mj-column>
        <mj-text css-class="accent" font-size="13px" line-height="20px" font-weight="600" color="${palette.accent}" padding="0 0 12px">${words.issue}</mj-text>
        <mj-text css-class="ink headline" font-family="${SERIF}" font-size="34px" line-height="42px" color="#1c1b18" padding="0 0 24px">${words.headline}</mj-text>
        <mj-text css-class="ink">${words.hello}</mj-text>
        <mj-text css-class="ink">${words.lead}</mj-text>
        <mj-text css-class="ink">${words.second}</mj-text>
        <mj-button css-class="button" href="https://www.example.com/story">${words.button}</mj-button>
      </mj-column>
    </mj-section>
    <mj-section css-class="card" padding="16px 40px 0">
      <mj-column>
        <mj-divider css-class="rule" />
        <mj-text css-class="ink" font-size="18px" line-height="26px" font-weight="600" color="#1c1b18" padding="0 0 20px">${words.also}</mj-text>
      </mj-column>
    </mj-section>
${words.stories.map((story, at) => storySection(at, story[0], story[1], words.read)).join('\n')}
    <mj-section css-class="card" border-radius="0 0 12px 12px" padding="8px 40px 32px">
      <mj-column>
        <mj-divider css-class="rule" padding="8px 0 24px" />
        <mj-text css-class="ink" padding="0">${words.bye}</mj-text>
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

const storySection = (at: number, title: string, line: string, read: string): string =>
  `    <mj-section css-class="card" padding="0 40px 8px">
      <mj-group>
        <mj-column width="12%">
          <mj-text css-class="accent" font-family="${SERIF}" font-size="26px" line-height="28px" color="${palette.accent}" padding="0">${at + 1}</mj-text>
        </mj-column>
        <mj-column width="88%">
          <mj-text css-class="ink" padding="0 0 20px">
            <b>${title}</b><br />
            ${line} <a href="https://www.example.com/story-${at + 1}">${read}</a>
          </mj-text>
        </mj-column>
      </mj-group>
    </mj-section>`
