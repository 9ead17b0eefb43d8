import { Check, Copy } from 'lucide-react'
import type { ReactNode } from 'react'
import { useState } from 'react'
import { copyText } from './copy-text.ts'
import { IconButton } from './IconButton.tsx'
import { useKitText } from './text.ts'

/** Text of machines with a copy button: `<CodeBlock label={t('source')} code={source} />`. */
export function CodeBlock({ label, code, isWrapped }: { label: string; code: string; isWrapped?: boolean }) {
  return (
    <div className="relative min-w-0 rounded-lg border border-line bg-soft">
      <span className="absolute top-1.5 right-1.5">
        <CopyButton text={code} />
      </span>
      {/* Scrollable regions must be reachable by keyboard. */}
      <pre
        tabIndex={0}
        role="region"
        aria-label={label}
        className={`max-h-96 overflow-auto p-3 pr-12 font-mono text-sm ${isWrapped ? 'break-words whitespace-pre-wrap' : ''}`}
      >
        {code}
      </pre>
    </div>
  )
}

/** Copies a text: a key, an address. */
export function CopyButton({ text }: { text: string }) {
  const t = useKitText()
  const [isCopied, setCopied] = useState(false)
  return (
    <IconButton
      size="sm"
      label={isCopied ? t('code.copied') : t('actions.copy')}
      onPress={() => void copyText(text).then(setCopied)}
      onBlur={() => setCopied(false)}
    >
      {isCopied ? <Check aria-hidden /> : <Copy aria-hidden />}
    </IconButton>
  )
}

/** A word of machines inside a sentence. */
export function InlineCode({ children }: { children: ReactNode }) {
  return <code className="rounded-sm bg-soft px-1 py-px font-mono text-sm break-words">{children}</code>
}
