/**
 * Makes a rendered mail safe to show inside our own pages. The compiler has already refused scripts; this stands
 * behind it, for values and for versions compiled by older rules. The frame is sandboxed besides.
 */
import { decodeEntities, type Node, type OpenTag, scanMarkup } from './markup.ts'

/** Elements that go with all they contain. */
const REMOVED = new Set([
  'script', 'iframe', 'frame', 'frameset', 'object', 'embed', 'applet', 'form', 'input', 'button', 'select', 'textarea', 'svg', 'math',
  'template', 'portal', 'dialog', 'noscript', 'link', 'base', 'meta', 'audio', 'video',
]) // prettier-ignore
const WITHOUT_CONTENT = new Set(['input', 'link', 'base', 'meta', 'embed', 'frame'])
const ADDRESSES = new Set([
  'href',
  'src',
  'background',
  'poster',
  'action',
  'formaction',
  'xlink:href',
  'srcset',
])
const SAFE_ADDRESS = /^(?:https?:|mailto:|tel:|sms:|cid:|#|data:image\/(?:png|jpeg|gif|webp);base64,)/i

/** Nothing but pictures and styles may load. */
const POLICY =
  "default-src 'none'; img-src https: http: data:; style-src 'unsafe-inline'; font-src data:; form-action 'none'; base-uri 'none'"
const HEAD = `<meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${POLICY}"><meta name="viewport" content="width=device-width">`

/** Which colours the reader's device prefers. */
export type Theme = 'light' | 'dark'

/**
 * HTML for a sandboxed frame.
 * @param theme  media queries on the colour scheme are settled as a device of this theme would
 */
export function sanitiseForFrame(html: string, theme: Theme): string {
  const clean = settleTheme(sanitise(html), theme)
  return /<head(?:\s[^>]*)?>/i.test(clean)
    ? clean.replace(/<head(?:\s[^>]*)?>/i, (tag) => tag + HEAD)
    : HEAD + clean
}

/** The mail without anything that could run, load a page or send a form. Comments go too. */
export function sanitise(html: string): string {
  let clean = ''
  let written = 0
  let removing: { name: string; depth: number } | null = null
  const cut = (node: Node): void => {
    clean += html.slice(written, node.begin)
    written = node.end
  }
  for (const node of scanMarkup(html)) {
    if (removing !== null) {
      if (node.kind === 'open' && node.name === removing.name && !node.selfClosing) removing.depth++
      if (node.kind === 'close' && node.name === removing.name && --removing.depth === 0) {
        written = node.end
        removing = null
      }
    } else if (node.kind === 'comment') {
      clean += html.slice(written, Math.max(written, node.begin - '<!--'.length))
      written = Math.min(html.length, html.indexOf('>', node.end) + 1 || html.length)
    } else if (node.kind === 'open' && REMOVED.has(node.name)) {
      cut(node)
      if (!WITHOUT_CONTENT.has(node.name) && !node.selfClosing) removing = { name: node.name, depth: 1 }
    } else if (node.kind === 'open') {
      const attributes = node.attributes.filter(isSafe)
      if (attributes.length < node.attributes.length) {
        cut(node)
        clean += `<${node.name}${attributes.map((attribute) => ` ${attribute.name}="${attribute.value.replaceAll('"', '&#34;')}"`).join('')}>`
      }
    } else if (node.kind === 'close' && REMOVED.has(node.name)) cut(node)
  }
  return removing === null ? clean + html.slice(written) : clean
}

function isSafe({ name, value }: OpenTag['attributes'][number]): boolean {
  if (name.startsWith('on') || name === 'srcdoc' || name === 'ping') return false
  if (!ADDRESSES.has(name)) return true
  // oxlint-disable-next-line no-control-regex -- browsers skip these inside a scheme
  const address = decodeEntities(value).replaceAll(/[\u0000-\u0020\u007F]/g, '')
  return address === '' || SAFE_ADDRESS.test(address)
}

/** A frame takes its colour scheme from our page; the reader asked for one or the other. */
function settleTheme(html: string, theme: Theme): string {
  const media = (wanted: Theme): string => (wanted === theme ? 'all' : 'not all')
  return html
    .replaceAll(/@media\s*\(\s*prefers-color-scheme\s*:\s*dark\s*\)/gi, `@media ${media('dark')}`)
    .replaceAll(/@media\s*\(\s*prefers-color-scheme\s*:\s*light\s*\)/gi, `@media ${media('light')}`)
}
