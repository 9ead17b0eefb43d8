/** The frame of the public pages: one document, no script, light and dark, readable at 320 px. */
import type { Locale } from './context.ts'

/** Text as HTML shows it. */
export function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? character)
}
const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** The colours are those of the product, whose contrasts its theme's test computes. */
const STYLE = `
:root{color-scheme:light dark;--ground:#fbfbfa;--panel:#fff;--line:#e6e5e1;--edge:#85827b;--text:#1c1b1a;--muted:#66635d;--accent:#5b3df5;--on-accent:#fff;--accent-text:#5334ea;--green:#065f46;--green-soft:#d1fae5}
@media (prefers-color-scheme:dark){:root{--ground:#121214;--panel:#19191c;--line:#2b2b30;--edge:#77767f;--text:#ececee;--muted:#a2a1a8;--accent:#8f7bff;--on-accent:#0f0a2a;--accent-text:#a899ff;--green:#6ee7b7;--green-soft:#0c3327}}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--text);font:16px/1.55 Inter,system-ui,-apple-system,"Segoe UI",sans-serif;overflow-wrap:anywhere}
main{max-width:34rem;margin:0 auto;padding:clamp(1.5rem,8vh,5rem) 1rem 3rem}
.card{background:var(--panel);border:1px solid var(--line);border-radius:14px;padding:clamp(1.25rem,5vw,2rem)}

.org img{display:block;max-height:3.5rem;max-width:100%}
small{color:var(--muted)}
.org{margin:0 0 1rem;color:var(--muted);font-size:.9375rem}
h1{margin:0 0 .75rem;font-size:1.5rem;line-height:1.25;letter-spacing:-.015em}
p{margin:0 0 1.25rem}
form+form{margin-top:1.75rem}
.card>:last-child,.card>form:last-child fieldset:last-child{margin-bottom:0}
fieldset{border:0;border-top:1px solid var(--line);margin:0 0 1.25rem;padding:1.25rem 0 0}
legend{float:left;width:100%;padding:0;margin:0 0 .5rem;font-weight:600}
legend+*{clear:both}
label{display:flex;gap:.75rem;align-items:flex-start;padding:.5rem 0;min-height:44px;cursor:pointer}
input{flex:none;width:1.25rem;height:1.25rem;margin:.15rem 0 0;accent-color:var(--accent)}
.note{color:var(--muted);font-size:.9375rem}
button{font:inherit;font-weight:600;min-height:44px;padding:.5rem 1.25rem;border-radius:10px;border:1px solid transparent;background:var(--accent);color:var(--on-accent);cursor:pointer}
button.quiet{background:transparent;border-color:var(--edge);color:var(--text)}
a{color:var(--accent-text);display:inline-block;padding:.5rem 0}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
.saved{background:var(--green-soft);color:var(--green);border-radius:10px;padding:.75rem 1rem}
@media (max-width:26rem){button{width:100%}}
`

/** The organization's own look; null where it keeps ours. */
export interface Look {
  /** `#rrggbb`, for buttons and boxes; their text takes the colour that is read best on it. */
  accent: string | null
  logoUrl: string | null
  /** More rules, for what only one kind of page has. */
  style?: string
}

/** A whole page. `body` is HTML, everything in it already escaped. */
export function publicPage(
  locale: Locale,
  title: string,
  organization: string,
  body: string,
  look: Look = { accent: null, logoUrl: null },
): string {
  return `<!doctype html>
<html lang="${locale}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex, nofollow">
<link rel="icon" href="data:,">
<title>${escapeHtml(title)}</title>
<style>${STYLE}${styleOf(look)}</style>
</head>
<body><main>
${headOf(organization, look)}
<div class="card">
${body}
</div>
</main></body>
</html>
`
}

const styleOf = ({ accent, style = '' }: Look): string =>
  accent === null
    ? style
    : style + `button:not(.quiet){background:${accent};color:${textOn(accent)}}input{accent-color:${accent}}`

function headOf(organization: string, { logoUrl }: Look): string {
  if (logoUrl !== null)
    return `<p class="org"><img src="${escapeHtml(logoUrl)}" alt="${escapeHtml(organization)}" referrerpolicy="no-referrer"></p>`
  return organization === '' ? '' : `<p class="org">${escapeHtml(organization)}</p>`
}

/** The darker or the lighter text, whichever is read more easily on a colour. Source: WCAG 2.2 §1.4.3 */
export function textOn(colour: string): '#ffffff' | '#000000' {
  const lightness = luminance(colour)
  return 1.05 / (lightness + 0.05) >= (lightness + 0.05) / 0.05 ? '#ffffff' : '#000000'
}

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5]
    .map((start) => Number.parseInt(colour.slice(start, start + 2), 16) / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}
