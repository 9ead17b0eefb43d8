import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { RouterProvider as KitRouter } from 'react-aria-components'
import { I18n } from '../platform/i18n/I18n.tsx'
import { queryClient } from '../platform/query.ts'
import { Toaster } from '../ui/Toast.tsx'
import { router } from './router.tsx'

/** Everything around the pages. Links inside the kit's menus and tables go through the same router. */
export function App() {
  return (
    <I18n>
      <QueryClientProvider client={queryClient}>
        <KitRouter navigate={(href) => void router.navigate({ href })}>
          <RouterProvider router={router} />
          <Toaster />
        </KitRouter>
      </QueryClientProvider>
    </I18n>
  )
}
