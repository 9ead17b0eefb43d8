// Chooses theme and language before the first paint, so that the page never flashes in the wrong one.
// A file of its own because the content security policy allows no inline script.
;(function () {
  let theme = null
  let language = null
  try {
    theme = localStorage.getItem('fanfare.theme')
    language = localStorage.getItem('fanfare.language')
  } catch {
    // Storage may be forbidden; the system's choice holds then.
  }
  const dark = theme === 'dark' || (theme !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches)
  document.documentElement.classList.toggle('dark', dark)
  document.documentElement.lang = language || (/^fr\b/i.test(navigator.language) ? 'fr' : 'en')
})()
