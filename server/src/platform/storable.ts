/** Whether PostgreSQL can keep a text: its texts hold neither NUL nor half a surrogate pair. */
export const isStorable = (text: string): boolean => !text.includes('\0') && text.isWellFormed()
