/** How the lists that the server gives page by page are read on: spread `pages` into `useInfiniteQuery`. */
export const pages = {
  initialPageParam: null as string | null, // the type of later ones
  getNextPageParam: (page: { nextCursor: string | null }): string | null => page.nextCursor,
}

/** The query of one page: nothing for the first, the cursor of the one before for each later one. */
export const pageAfter = (cursor: string | null): { cursor?: string } => (cursor === null ? {} : { cursor })
