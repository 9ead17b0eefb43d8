/** What a browser calls itself, for people. */

/** `Firefox · Linux`; `null` for what is no known browser. The order matters: Edge also says Chrome, Chrome also Safari. */
export function browserName(userAgent: string): string | null {
  const browser = first(userAgent, [
    [/\bEdg/, 'Edge'],
    [/\bOPR\//, 'Opera'],
    [/\bFirefox\//, 'Firefox'],
    [/Chrome\//, 'Chrome'],
    [/\bSafari\//, 'Safari'],
  ])
  if (browser === null) return null
  const system = first(userAgent, [
    [/iPhone|iPad/, 'iOS'],
    [/Android/, 'Android'],
    [/Mac OS X/, 'macOS'],
    [/Windows/, 'Windows'],
    [/Linux/, 'Linux'],
  ])
  return system === null ? browser : `${browser} · ${system}`
}

function first(text: string, names: readonly (readonly [RegExp, string])[]): string | null {
  return names.find(([pattern]) => pattern.test(text))?.[1] ?? null
}
