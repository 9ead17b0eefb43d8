import { Suspense } from 'react'
import { banners } from './rooms.ts'

/** Sentences above every page, contributed by rooms: mail stays here, a connection has ended. */
export function BannerSlot() {
  return (
    <div className="grid gap-2 px-4 pt-3 empty:hidden md:px-6 [&:not(:has(>*))]:hidden">
      {banners.map((Banner, index) => (
        <Suspense key={index} fallback={null}>
          <Banner />
        </Suspense>
      ))}
    </div>
  )
}
