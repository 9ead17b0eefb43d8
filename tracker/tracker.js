// Fanfare's tracker: page views, events and who somebody is, from a web page. Under 2 kB packed.
// It keeps nothing on the device, not even a number, until fanfare.consent(true) says so. Messages that are repeated
// carry the same id and count once.

;(() => {
  /** @typedef {Record<string, unknown>} Data */
  const doc = document
  const script = /** @type {HTMLScriptElement} */ (doc.currentScript)
  const key = script.dataset.key
  const url = new URL('/v1/b', script.src).href
  const store = 'fanfare'
  // Bodies that outlive their page are bounded by the browser to 64 kB.
  const batchMax = 20
  const queueMax = 100
  const waitMaxMs = 60_000

  const uuid = () => {
    const hex = [...crypto.getRandomValues(new Uint8Array(16))]
      .map((byte) => (byte + 256).toString(16).slice(1))
      .join('')
    return hex.replace(/(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
  }

  /** @type {{ a: string, u?: string }} */
  let who = { a: uuid() }
  let isAllowed = false
  try {
    const kept = JSON.parse(localStorage.getItem(store) ?? 'null')
    if (kept) {
      who = kept
      isAllowed = true
    }
  } catch {
    // A page without storage is a page without consent.
  }
  const keep = () => {
    try {
      if (isAllowed) localStorage.setItem(store, JSON.stringify(who))
      else localStorage.removeItem(store)
    } catch {
      isAllowed = false
    }
  }

  /** @type {Data[]} */
  const queue = []
  let sending = 0
  let waitMs = 0
  let isTimed = false

  const body = (/** @type {Data[]} */ batch) => JSON.stringify({ writeKey: key, sentAt: new Date(), batch })

  const flush = async () => {
    isTimed = false
    if (sending || !queue.length) return
    sending = Math.min(queue.length, batchMax)
    let after = 0
    try {
      const answer = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'text/plain' },
        body: body(queue.slice(0, sending)),
        keepalive: true,
        credentials: 'omit',
      })
      // Refused for good is refused; everything else is tried again.
      if (answer.status === 429 || answer.status > 499) after = +(answer.headers.get('retry-after') ?? 0) || 1
      else queue.splice(0, sending)
    } catch {
      after = 1
    }
    sending = 0
    waitMs = after ? Math.min(waitMaxMs, Math.max(after * 1000, waitMs * 2)) : 0
    later(waitMs)
  }
  const later = (/** @type {number} */ ms) => {
    if (isTimed || !queue.length) return
    isTimed = true
    setTimeout(flush, ms)
  }

  const send = (/** @type {string} */ type, /** @type {Data} */ more) => {
    queue.push({
      type,
      messageId: uuid(),
      anonymousId: who.a,
      userId: who.u,
      timestamp: new Date(),
      context: {
        page: {
          path: location.pathname,
          referrer: doc.referrer,
          search: location.search,
          title: doc.title,
          url: location.href,
        },
        locale: navigator.language,
        timezone: Intl.DateTimeFormat().resolvedOptions().timeZone,
        library: { name: 'fanfare', version: '1' },
      },
      ...more,
    })
    if (queue.length > queueMax) queue.splice(sending, 1)
    later(waitMs || 20)
  }

  let seen = ''
  /** @type {(name?: string, properties?: Data) => void} */
  const page = (name, properties) => {
    seen = location.href
    send('page', {
      name,
      properties: {
        path: location.pathname,
        referrer: doc.referrer,
        title: doc.title,
        url: seen,
        ...properties,
      },
    })
  }

  const api = {
    page,
    /** @type {(event: string, properties?: Data) => void} */
    track: (event, properties) => send('track', { event, properties }),
    /** @type {(user: string | Data, traits?: Data) => void} */
    identify: (user, traits) => {
      if (typeof user !== 'object') who.u = user
      keep()
      send('identify', { traits: typeof user === 'object' ? user : traits })
    },
    /** @type {(groupId: string, traits?: Data) => void} */
    group: (groupId, traits) => send('group', { groupId, traits }),
    // Without consent the next page starts with another number.
    consent: (/** @type {boolean} */ isGiven) => {
      isAllowed = isGiven
      keep()
    },
    // Somebody else is about to use this device.
    reset: () => {
      who = { a: uuid() }
      keep()
    },
  }

  // What the page called before this file had arrived.
  const called =
    /** @type {{ fanfare?: { q?: [keyof typeof api, ...never[]][] } }} */ (window).fanfare?.q ?? []
  Object.assign(window, { fanfare: api })
  for (const [name, ...values] of called) Reflect.apply(api[name], api, values)

  if (script.dataset.pages !== 'off') {
    const look = () => seen === location.href || page()
    look()
    addEventListener('popstate', () => setTimeout(look))
    const push = history.pushState.bind(history)
    history.pushState = (...values) => {
      push(...values)
      setTimeout(look)
    }
  }
  addEventListener('pagehide', () => {
    while (queue.length) navigator.sendBeacon(url, body(queue.splice(0, batchMax)))
  })
})()
