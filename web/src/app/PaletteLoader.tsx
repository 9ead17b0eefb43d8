import { lazy, Suspense, useState } from 'react'
import { loadMessages } from '../platform/i18n/store.ts'
import { commands } from './rooms.ts'

// The palette and the words of its commands arrive with its first use.
const Palette = lazy(async () => {
  const rooms = new Set(commands.map((command) => command.text.split('.')[0] ?? ''))
  const [module] = await Promise.all([import('./Palette.tsx'), loadMessages(...rooms)])
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
