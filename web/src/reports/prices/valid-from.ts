/** From when on a price of messages holds, as the API is told. The first instant of the day in the reader's clock; the server takes the full hour. */
export const validFromDay = (day: string | null): { validFrom?: string } =>
  day === null ? {} : { validFrom: new Date(`${day}T00:00`).toISOString() }
