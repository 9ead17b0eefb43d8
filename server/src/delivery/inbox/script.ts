/**
 * The script that shows an inbox on a page of the organization's: a bell with a number, and behind it the messages. It
 * brings its own style and touches nothing else of the page. Texts are set as texts, never as HTML. It reads the inbox at
 * once, for pages whose stream does not get through, and whenever the stream says so; an answer that was overtaken by a
 * later one is not shown.
 *
 *     <script src="https://fanfare.example/inbox.js" data-key="KEY" data-language="fr" async></script>
 */
export const INBOX_SCRIPT = `(() => {
  const script = document.currentScript
  const key = script.dataset.key
  const base = new URL(script.src).origin + '/inbox/' + encodeURIComponent(key)
  const fr = (script.dataset.language || document.documentElement.lang || 'en').startsWith('fr')
  const words = fr
    ? { open: 'Messages', none: 'Aucun message pour le moment.', unread: 'non lus' }
    : { open: 'Messages', none: 'No messages yet.', unread: 'unread' }
  const host = document.createElement('div')
  const root = host.attachShadow({ mode: 'open' })
  const make = (tag, name, text) => {
    const element = document.createElement(tag)
    if (name) element.className = name
    if (text) element.textContent = text
    return element
  }
  const style = make('style')
  style.textContent = ':host{position:fixed;right:1rem;bottom:1rem;z-index:2147483000;font:14px/1.45 system-ui,sans-serif;color:#1c1917}' +
    'button{font:inherit;cursor:pointer;border:0;border-radius:999px;background:#1c1917;color:#fff;padding:.6rem .95rem;min-height:44px}' +
    'button:focus-visible,a:focus-visible{outline:3px solid #2563eb;outline-offset:2px}' +
    '.count{margin-left:.4rem;background:#dc2626;border-radius:999px;padding:0 .45rem}' +
    '.panel{position:absolute;right:0;bottom:3.5rem;width:min(22rem,calc(100vw - 2rem));max-height:min(30rem,70vh);overflow:auto;background:#fff;border:1px solid #d6d3d1;border-radius:12px;box-shadow:0 12px 40px rgba(0,0,0,.18)}' +
    '.message{padding:.8rem 1rem;border-bottom:1px solid #e7e5e4}.new{border-left:3px solid #2563eb}.title{font-weight:600}.icon{width:1.5rem;height:1.5rem;border-radius:.25rem;object-fit:cover;vertical-align:middle;margin:0 .5rem 0 0}.body{white-space:pre-wrap;margin:.2rem 0}' +
    'img{max-width:100%;border-radius:8px}a{color:#1d4ed8}time{color:#57534e;font-size:12px}.none{padding:1rem}' +
    '@media(prefers-color-scheme:dark){.panel{background:#1c1917;color:#f5f5f4;border-color:#44403c}.message{border-color:#44403c}a{color:#93c5fd}time{color:#a8a29e}}'
  const button = make('button', '', words.open)
  button.type = 'button'
  button.setAttribute('aria-expanded', 'false')
  const count = make('span', 'count')
  count.hidden = true
  button.append(count)
  const panel = make('div', 'panel')
  panel.hidden = true
  panel.setAttribute('role', 'region')
  panel.setAttribute('aria-label', words.open)
  root.append(style, panel, button)
  document.body.append(host)
  let items = []
  let asked = 0
  let shown = 0
  const show = () => {
    panel.replaceChildren(...(items.length ? items.map(messageOf) : [make('div', 'none', words.none)]))
  }
  const messageOf = (item) => {
    const box = make('div', item.readAt ? 'message' : 'message new')
    if (item.imageUrl) {
      const image = make('img')
      image.src = item.imageUrl
      image.alt = ''
      box.append(image)
    }
    const title = make('div', 'title', item.title)
    if (item.iconUrl) {
      const icon = make('img', 'icon')
      icon.src = item.iconUrl
      icon.alt = ''
      title.prepend(icon)
    }
    box.append(title, make('div', 'body', item.body))
    if (item.actionUrl) {
      const link = make('a', '', item.actionLabel || item.actionUrl)
      link.href = item.actionUrl
      link.target = '_blank'
      link.rel = 'noopener'
      box.append(link, make('br'))
    }
    const time = make('time', '', new Date(item.createdAt).toLocaleString(fr ? 'fr' : 'en'))
    time.dateTime = item.createdAt
    box.append(time)
    return box
  }
  const load = async () => {
    const mine = ++asked
    const answer = await window.fetch(base)
    if (!answer.ok) return
    const inbox = await answer.json()
    if (mine < shown) return
    shown = mine
    items = inbox.items
    count.hidden = inbox.unread === 0
    count.textContent = inbox.unread
    count.setAttribute('aria-label', inbox.unread + ' ' + words.unread)
    if (!panel.hidden) show()
  }
  button.addEventListener('click', () => {
    panel.hidden = !panel.hidden
    button.setAttribute('aria-expanded', String(!panel.hidden))
    if (panel.hidden) return
    show()
    const tokens = items.filter((item) => !item.readAt).map((item) => item.token)
    if (tokens.length) window.fetch(base + '/read', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ tokens }) })
  })
  root.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || panel.hidden) return
    panel.hidden = true
    button.setAttribute('aria-expanded', 'false')
    button.focus()
  })
  new EventSource(base + '/stream').addEventListener('changed', load)
  load()
})()
`
