/** An hour of a day as the reader writes it; 24 is midnight again. */
export const hourText = (locale: string, hour: number): string =>
  new Intl.DateTimeFormat(locale, { hour: 'numeric', minute: '2-digit', timeZone: 'UTC' }).format(
    new Date(Date.UTC(2000, 0, 1, hour)),
  )
