type Primitive = string | number | boolean | null | undefined

/** What fills an address. */
export interface Address {
  params?: Record<string, Primitive>
  query?: Record<string, Primitive | readonly Primitive[]>
}

/** Fills `:id` and appends the query; arrays repeat their key, `undefined` is left out. */
export function url(template: string, { params = {}, query = {} }: Address): string {
  const path = template.replace(/:([A-Za-z]+)/g, (_, name: string) => {
    const value = params[name]
    if (value === undefined || value === null) throw new Error(`${name} is missing in ${template}`)
    return encodeURIComponent(String(value))
  })
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) {
    for (const item of Array.isArray(value) ? value : [value]) {
      if (item !== undefined && item !== null && item !== '') search.append(name, String(item))
    }
  }
  return search.size > 0 ? `${path}?${search}` : path
}
