import { Upload } from 'lucide-react'
import { useState } from 'react'
import { DropZone, FileTrigger, Text } from 'react-aria-components'
import { Button } from './Button.tsx'
import { useKitText } from './text.ts'

/** Properties of a place for files. */
export interface FileDropProps {
  label: string
  /** Endings (`.csv`) and media types (`text/csv`). */
  accept: readonly string[]
  bytesMax?: number
  onFile: (file: File) => void
  hint?: string
  isDisabled?: boolean
}

/** A file by drag, by button, by paste: `<FileDrop label={t('file')} accept={['.csv']} onFile={upload} />`. */
export function FileDrop({ label, accept, bytesMax, onFile, hint, isDisabled }: FileDropProps) {
  const t = useKitText()
  const [problem, setProblem] = useState<string | null>(null)

  const take = (file: File | undefined) => {
    if (!file) return
    if (!accepts(file, accept)) return setProblem(t('file.wrongType', { name: file.name }))
    if (bytesMax !== undefined && file.size > bytesMax)
      return setProblem(t('file.tooLarge', { name: file.name }))
    setProblem(null)
    onFile(file)
  }

  return (
    <DropZone
      aria-label={label}
      isDisabled={isDisabled ?? false}
      onDrop={(event) => {
        const item = event.items.find((item) => item.kind === 'file')
        if (item) void item.getFile().then(take)
      }}
      className="flex flex-col items-center gap-3 rounded-xl border border-dashed border-edge bg-panel px-6 py-10 text-center outline-none data-[drop-target]:border-accent data-[drop-target]:bg-accent-soft data-[focus-visible]:outline-2 data-[focus-visible]:outline-accent"
    >
      {({ isDropTarget }) => (
        <>
          <Upload aria-hidden className="size-5 text-muted" />
          <Text slot="label" className="text-text">
            {isDropTarget ? t('file.dropHere') : t('file.drop')}
          </Text>
          <FileTrigger acceptedFileTypes={accept} onSelect={(files) => take(files?.[0])}>
            <Button isDisabled={isDisabled ?? false}>{t('file.choose')}</Button>
          </FileTrigger>
          {hint !== undefined && <p className="text-sm text-muted">{hint}</p>}
          {problem !== null && (
            <p role="alert" className="text-sm text-danger">
              {problem}
            </p>
          )}
        </>
      )}
    </DropZone>
  )
}

function accepts(file: File, accept: readonly string[]): boolean {
  const name = file.name.toLowerCase()
  return accept.some((kind) => (kind.startsWith('.') ? name.endsWith(kind) : file.type === kind))
}
