import { lazy, Suspense, useState } from 'react'
import { loadCommandTexts } from './rooms.ts'

// The palette and the words of its commands arrive with its first use.
const Palette = lazy(async () => {
  const [module] = await Promise.all([import('./Palette.tsx'), loadCommandTexts()])
  return { default: module.Palette }
})

/** The command palette, loaded when first opened. */
export function PaletteLoader(props: { isOpen: boolean; onOpenChange: (isOpen: boolean) => void }) {
  const [wasOpened, setOpened] = useState(false)
  if (props.isOpen && !wasOpened) setOpened(true)
  return wasOpened ? (
    <Suspense fallback={null}>
      <Palette {...props} />
    </Suspense>
  ) : null
}
