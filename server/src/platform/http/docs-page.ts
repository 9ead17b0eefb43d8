/** The API page for people: plain HTML, one section per room, readable without script. */

interface Operation {
  tags: string[]
  summary: string
  'x-permission': string
  parameters: { name: string; in: string; required: boolean }[]
  requestBody?: { content: Record<string, { schema?: unknown }> }
  responses: Record<string, { content?: Record<string, { schema?: unknown }> }>
}

/** Renders an OpenAPI document made by `openApiDocument`. */
export function docsPage(document: Record<string, unknown>): string {
  const paths = document['paths'] as Record<string, Record<string, Operation>> // openApiDocument wrote it
  const byRoom = new Map<string, string[]>()
  for (const [path, methods] of Object.entries(paths))
    for (const [method, operation] of Object.entries(methods)) {
      const room = operation.tags[0] ?? ''
      byRoom.set(room, [...(byRoom.get(room) ?? []), section(method, path, operation)])
    }
  const rooms = [...byRoom]
    .map(([room, sections]) => `<section id="${room}"><h2>${escape(room)}</h2>${sections.join('')}</section>`)
    .join('')
  const nav = [...byRoom.keys()].map((room) => `<a href="#${room}">${escape(room)}</a>`).join(' ')
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Fanfare API</title><style>${STYLE}</style></head>
<body><main><h1>Fanfare API</h1><p>Send <code>Authorization: Bearer fan_live_…</code>. Errors are problem details (RFC 9457). Lists take <code>limit</code> and <code>cursor</code>. A POST takes an <code>Idempotency-Key</code>. <a href="/api/openapi.json">openapi.json</a></p><nav aria-label="Rooms">${nav}</nav>${rooms}</main></body></html>`
}

function section(method: string, path: string, operation: Operation): string {
  const parameters = operation.parameters
    .map((p) => `<li><code>${escape(p.name)}</code> in ${escape(p.in)}${p.required ? ', required' : ''}</li>`)
    .join('')
  const body = operation.requestBody?.content['application/json']?.schema
  const [status = '', response] = Object.entries(operation.responses)[0] ?? []
  const answer = response?.content?.['application/json']?.schema
  return `<details><summary><b class="${method}">${method.toUpperCase()}</b> <code>${escape(path)}</code> <span>${escape(operation.summary)}</span></summary>
<p>Permission: <code>${escape(operation['x-permission'])}</code></p>${parameters ? `<ul>${parameters}</ul>` : ''}${body ? `<h3>Body</h3><pre>${escape(JSON.stringify(body, null, 2))}</pre>` : ''}${answer ? `<h3>${escape(status)}</h3><pre>${escape(JSON.stringify(answer, null, 2))}</pre>` : ''}</details>`
}

const escape = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')

const STYLE = `:root{color-scheme:light dark}body{font:14px/1.5 system-ui,sans-serif;margin:0;background:light-dark(#fbfbfa,#121214);color:light-dark(#1c1b1a,#ececee)}main{max-width:960px;margin:0 auto;padding:24px 16px}
a{color:light-dark(#5b3df5,#8f7bff)}nav{display:flex;flex-wrap:wrap;gap:8px 16px}details{border-bottom:1px solid light-dark(#e6e5e1,#2b2b30);padding:8px 0}summary{cursor:pointer;min-height:24px}summary span{color:light-dark(#66635d,#a2a1a8)}
b{display:inline-block;min-width:60px;font-size:12px}pre{overflow:auto;background:light-dark(#f3f2ef,#232327);padding:12px;border-radius:8px;max-height:480px}code{overflow-wrap:anywhere}`
