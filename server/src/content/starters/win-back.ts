/** A personal note to people who went quiet: short, without reproach, with a way to hear less. */
import { type Palette, SERIF, type StarterMail, frame, starterSource } from './frame.ts'

const palette: Palette = {
  accent: '#8a5a00',
  accentDark: '#f0c36a',
  onAccentDark: '#2e1f00',
  tint: '#faf4e6',
  tintDark: '#2c2618',
}

const WORDS = {
  en: {
    name: 'Win-back',
    description: 'A short personal note with a small gift and a way to hear less. For people who went quiet.',
    subject: 'It has been a while, {{ contact.first_name | default: "hello again" }}',
    preheader: 'A small hello, and something to come back for.',
    hello: 'Dear {{ contact.first_name | default: "friend" }},',
    lines: [
      'it has been a while since we heard from you{% if contact.city %}, and we wondered how things are in {{ contact.city }}{% endif %}. No reproach: life is full, and so are mailboxes.',
      'Much has changed here since. If you would like to look in, this is on us:',
    ],
    giftTitle: '10 € for your next order',
    giftLine: 'No minimum, valid for thirty days.',
    button: 'Use my 10 €',
    less: 'Would you rather hear from us less often? <a href="{{ preferences_url }}">Choose what you get</a>: once a month is fine, too.',
    bye: 'Warmly,',
    sender: 'Your name<br />{{ organization.name }}',
    reason: 'You receive this mail because you once subscribed to us.',
  },
  fr: {
    name: 'Reconquête',
    description:
      'Un petit mot personnel, un cadeau et la possibilité d’en recevoir moins. Pour ceux qui se sont tus.',
    subject: 'Cela fait longtemps, {{ contact.first_name | default: "rebonjour" }}',
    preheader: 'Un petit bonjour, et une raison de revenir.',
    hello: 'Bonjour {{ contact.first_name | default: "à vous" }},',
    lines: [
      'cela fait un moment que nous n’avons plus de vos nouvelles{% if contact.city %}, et nous nous demandions comment vont les choses à {{ contact.city }}{% endif %}. Sans reproche : la vie est pleine, et les messageries aussi.',
      'Bien des choses ont changé ici. Si l’envie vous prend de repasser, voici pour vous :',
    ],
    giftTitle: '10 € sur votre prochaine commande',
    giftLine: 'Sans minimum, valable trente jours.',
    button: 'Utiliser mes 10 €',
    less: 'Vous préférez nous lire moins souvent ? <a href="{{ preferences_url }}">Choisissez ce que vous recevez</a> : une fois par mois, c’est très bien aussi.',
    bye: 'Bien à vous,',
    sender: 'Votre nom<br />{{ organization.name }}',
    reason: 'Vous recevez cet e-mail parce que vous vous étiez abonné.',
  },
} as const

/** The win-back note in a language. */
export function winBack(language: 'en' | 'fr'): StarterMail {
  const words = WORDS[language]
  const sections = `    <mj-section css-class="card" border-radius="12px 12px 0 0" padding="44px 40px 8px">
      <mj-column>
        <mj-text css-class="ink" font-family="${SERIF}" font-size="20px" line-height="30px" color="#1c1b18" padding="0 0 20px">${words.hello}</mj-text>
${words.lines.map((line) => `        <mj-text css-class="ink" font-family="${SERIF}" font-size="18px" line-height="30px">${line}</mj-text>`).join('\n')}
      </mj-column>
    </mj-section>
    <mj-section css-class="card" padding="8px 40px 24px">
      <mj-column css-class="panel" background-color="${palette.tint}" border-radius="10px" padding="28px 24px 8px">
        <mj-text css-class="ink" align="center" font-size="22px" line-height="30px" font-weight="700" color="#1c1b18" padding="0 0 4px">${words.giftTitle}</mj-text>
        <mj-text css-class="soft" align="center" font-size="15px" line-height="24px" color="#5f5537" padding="0 0 16px">${words.giftLine}</mj-text>
        <mj-button css-class="button" align="center" href="https://www.example.com/welcome-back" padding="0 0 20px">${words.button}</mj-button>
      </mj-column>
    </mj-section>
    <mj-section css-class="card" border-radius="0 0 12px 12px" padding="8px 40px 36px">
      <mj-column>
        <mj-text css-class="ink" font-family="${SERIF}" font-size="18px" line-height="30px">${words.less}</mj-text>
        <mj-text css-class="ink" font-family="${SERIF}" font-size="18px" line-height="30px" padding="0">${words.bye}<br />${words.sender}</mj-text>
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
