import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { Banner } from '../ui/Banner.tsx'
import { Button } from '../ui/Button.tsx'
import { CodeBlock } from '../ui/CodeBlock.tsx'
import { Sheet } from '../ui/Dialog.tsx'
import { FieldStack } from '../ui/Field.tsx'
import { Tabs } from '../ui/Tabs.tsx'
import { useKitText } from '../ui/text.ts'
import type { EventSource } from './api.ts'
import type { Way } from './snippets.ts'
import { snippetOf, waysOf } from './snippets.ts'

/** How a source is connected: its key, and what to paste where. */
export function InstallSheet({ source, onClose }: { source: EventSource; onClose: () => void }) {
  const t = useTranslations('tracking.install')
  const common = useKitText()
  const ways = waysOf(source.kind)
  const [way, setWay] = useState<Way>(ways[0] ?? 'curl')
  const key = source.writeKey
  return (
    <Sheet
      title={t('title', { name: source.name })}
      size="lg"
      isOpen
      onOpenChange={(isOpen) => !isOpen && onClose()}
      footer={<Button onPress={onClose}>{common('actions.close')}</Button>}
    >
      {source.revokedAt !== null || key === null ? (
        <Banner tone="info">{t(source.revokedAt === null ? 'hidden' : 'revoked')}</Banner>
      ) : (
        <FieldStack>
          <div className="grid gap-1.5">
            <p className="font-medium">{t('key')}</p>
            <CodeBlock label={t('key')} code={key} isWrapped />
            <p className="text-sm text-muted">{t(`keyNotes.${source.kind}`)}</p>
          </div>
          <Tabs
            label={t('ways')}
            selected={way}
            onSelect={setWay}
            items={ways.map((id) => ({
              id,
              label: t(`way.${id}`),
              content: (
                <div className="grid gap-3">
                  <p>{t(`note.${id}`)}</p>
                  <CodeBlock
                    label={t(`way.${id}`)}
                    code={snippetOf(id, { key, origin: window.location.origin })}
                  />
                </div>
              ),
            }))}
          />
        </FieldStack>
      )}
    </Sheet>
  )
}
