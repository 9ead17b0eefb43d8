/**
 * What our templates share: type, space, colours that hold in light and dark mail programs, and a foot with the way
 * out. The result is MJML that a person can read and change.
 */
import type { MailSource } from '../schema.ts'

/** A template in one language, without its key. */
export interface StarterMail {
  readonly name: string
  readonly description: string
  readonly source: MailSource
}

/** The colours of one template; every pair of text and ground reaches 4.5:1 in both themes. */
export interface Palette {
  /** Buttons and links on light ground. */
  readonly accent: string
  /** The same on dark ground. */
  readonly accentDark: string
  /** Text on the accent in dark mode. */
  readonly onAccentDark: string
  /** A tint for panels, light and dark. */
  readonly tint: string
  readonly tintDark: string
}

const FONT = "-apple-system, BlinkMacSystemFont, 'Segoe UI', Roboto, Helvetica, Arial, sans-serif"
/** Headlines of letters and newsletters. */
export const SERIF = "Georgia, 'Times New Roman', serif"

interface FrameParts {
  language: 'en' | 'fr'
  palette: Palette
  /** MJML sections, indented by four spaces. */
  sections: string
  /** Why the reader gets this mail, in one sentence. */
  reason: string
}

/** A whole MJML document around sections. */
export function frame({ language, palette, sections, reason }: FrameParts): string {
  const words = FOOT[language]
  return `<mjml lang="${language}">
  <mj-head>
    <mj-attributes>
      <mj-all font-family="${FONT}" />
      <mj-section background-color="#ffffff" padding="0 40px" />
      <mj-text font-size="16px" line-height="26px" color="#33302b" padding="0 0 16px" />
      <mj-button background-color="${palette.accent}" color="#ffffff" border-radius="8px" font-size="16px" font-weight="600" line-height="20px" inner-padding="14px 26px" padding="8px 0 24px" align="left" />
      <mj-divider border-width="1px" border-color="#e6e3dd" padding="8px 0 32px" />
    </mj-attributes>
    <mj-raw>
      <meta name="color-scheme" content="light dark">
      <meta name="supported-color-schemes" content="light dark">
    </mj-raw>
    <mj-style>
      a { color: ${palette.accent}; }
      @media only screen and (max-width: 479px) {
        .headline div { font-size: 28px !important; line-height: 34px !important; }
        .figure div { font-size: 56px !important; line-height: 60px !important; }
      }
      @media (prefers-color-scheme: dark) {
        body, .page, .page > table { background: #121214 !important; background-color: #121214 !important; }
        .card, .card > table { background: #1c1c20 !important; background-color: #1c1c20 !important; }
        .panel, .panel > table, .panel td { background: ${palette.tintDark} !important; background-color: ${palette.tintDark} !important; }
        a, .accent div { color: ${palette.accentDark} !important; }
        .ink div, .ink td, .ink th { color: #ececee !important; border-color: #3a3a41 !important; }
        .soft div, .soft a { color: #a9a8b0 !important; }
        .rule p { border-top-color: #3a3a41 !important; }
        .button td, .button a { background: ${palette.accentDark} !important; color: ${palette.onAccentDark} !important; }
      }
    </mj-style>
  </mj-head>
  <mj-body background-color="#f4f2ee" css-class="page" width="600px">
    <mj-section background-color="#f4f2ee" css-class="page" padding="20px 40px 12px">
      <mj-column>
        <mj-text css-class="soft" align="center" font-size="12px" line-height="18px" color="#6b675f" padding="0">
          <a href="{{ view_in_browser_url }}" style="color: inherit">${words.view}</a>
        </mj-text>
      </mj-column>
    </mj-section>
${sections}
    <mj-section background-color="#f4f2ee" css-class="page" padding="28px 40px 48px">
      <mj-column>
        <mj-text css-class="soft" align="center" font-size="12px" line-height="20px" color="#6b675f" padding="0">
          ${reason}<br />
          {{ organization.name }} · {{ organization.postal_address }}<br />
          <a href="{{ unsubscribe_url }}" style="color: inherit">${words.unsubscribe}</a> ·
          <a href="{{ preferences_url }}" style="color: inherit">${words.preferences}</a>
        </mj-text>
      </mj-column>
    </mj-section>
  </mj-body>
</mjml>
`
}

const FOOT = {
  en: { view: 'View in browser', unsubscribe: 'Unsubscribe', preferences: 'Manage preferences' },
  fr: { view: 'Voir dans le navigateur', unsubscribe: 'Se désabonner', preferences: 'Gérer mes préférences' },
} as const

/** A mail's source around a body, everything else as a new mail has it. */
export function starterSource(
  language: 'en' | 'fr',
  subject: string,
  preheader: string,
  body: string,
): MailSource {
  return {
    language,
    subject,
    preheader,
    fromName: '',
    fromEmail: '',
    replyTo: '',
    format: 'mjml',
    body,
    text: null,
  }
}
