import { Copy, Pencil, Plus, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { Banner } from '../../ui/Banner.tsx'
import { Button } from '../../ui/Button.tsx'
import { Section } from '../../ui/Card.tsx'
import { Sheet } from '../../ui/Dialog.tsx'
import { ErrorState, useErrorText } from '../../ui/ErrorState.tsx'
import { FieldStack } from '../../ui/Field.tsx'
import { IconButton } from '../../ui/IconButton.tsx'
import { NumberField } from '../../ui/NumberField.tsx'
import { SectionSkeleton } from '../../ui/Skeleton.tsx'
import { TextField } from '../../ui/TextField.tsx'
import { useErrorToast } from '../../ui/use-error-toast.ts'
import { fieldErrors } from '../../platform/api/problem.ts'
import type { Campaign, Channel } from '../api.ts'
import { ChannelContents } from '../channels/ChannelContents.tsx'
import type { Test } from './api.ts'
import { useRemoveTest, useSaveTest, useTest } from './api.ts'
import { PlanSentence } from './PlanSentence.tsx'
import { SelfTest } from './SelfTest.tsx'
import { TestSettings } from './TestSettings.tsx'
import { useSaveAll } from '../unsaved-work.ts'
import { shared, useTestDraft, withShare, type Variant } from './use-test-draft.ts'

/** Most variants that a test compares. */
const VARIANTS_MAX = 5
/** What people can do who got nothing. */
const SILENT_MAY: ReadonlySet<string> = new Set(['conversion', 'revenue'])

/** Several contents for one audience: variants with their shares, the rule of the test, and what it could show. */
export function TestSection({ campaign, isReadOnly }: { campaign: Campaign; isReadOnly: boolean }) {
  const t = useTranslations('campaigns.test')
  const query = useTest(campaign.id)
  const save = useSaveTest(campaign.id)
  const remove = useRemoveTest(campaign.id)
  const saveAll = useSaveAll()
  const sayWhy = useErrorToast()
  if (query.isError) return <ErrorState error={query.error} onRetry={query.refetch} />
  if (query.data === undefined) return <SectionSkeleton />
  const test = query.data?.status === 'draft' ? query.data : null
  const begin = async () => {
    // A new variant begins with what is being written.
    if (await saveAll()) save.mutate({ variants: [{}, {}] }, { onError: sayWhy })
  }
  if (test === null)
    return (
      <Section title={t('title')} note={t(campaign.delivery === 'triggered' ? 'introContinuous' : 'intro')}>
        <Button
          icon={<Plus aria-hidden />}
          isDisabled={isReadOnly}
          isPending={save.isPending}
          onPress={() => void begin()}
        >
          {t('start')}
        </Button>
      </Section>
    )
  return (
    <Section
      title={t('title')}
      note={t(campaign.delivery === 'triggered' ? 'introContinuous' : 'intro')}
      actions={
        !isReadOnly && (
          <Button
            variant="quiet"
            isPending={remove.isPending}
            onPress={() => remove.mutate(undefined, { onError: sayWhy })}
          >
            {t('remove')}
          </Button>
        )
      }
    >
      <Form key={test.testId} campaign={campaign} saved={test} isReadOnly={isReadOnly} />
    </Section>
  )
}

function Form({ campaign, saved, isReadOnly }: { campaign: Campaign; saved: Test; isReadOnly: boolean }) {
  const t = useTranslations('campaigns.test')
  const { test, change, error } = useTestDraft(campaign.id, saved)
  const { message } = useErrorText(error)
  const [editing, setEditing] = useState<number | null>(null)
  const { variants } = test
  const edit = (index: number, changes: Partial<Variant>) =>
    change({ variants: variants.map((variant, at) => (at === index ? { ...variant, ...changes } : variant)) })
  const edited = editing === null ? null : (variants[editing] ?? null)
  return (
    <FieldStack>
      {error !== null && (
        <Banner tone="error" title={message}>
          {Object.values(fieldErrors(error)).join(' ')}
        </Banner>
      )}
      <ul className="grid grid-cols-1 gap-3">
        {variants.map((variant, index) => (
          <li
            key={`${variant.id}-${variants.length}`}
            className="grid grid-cols-[1fr_auto] items-start gap-3 rounded-lg border border-line p-3 sm:grid-cols-[minmax(0,1fr)_8rem_auto]"
          >
            <TextField
              label={t('variantName', { id: variant.id })}
              className="col-span-2 sm:col-span-1"
              hint={
                variant.isControl
                  ? t('silentNote')
                  : variant.content === null
                    ? t('originalNote')
                    : headlineOf(campaign.channels, saidBy(campaign, variant))
              }
              value={variant.name}
              isReadOnly={isReadOnly}
              onChange={(name) => edit(index, { name })}
            />
            <NumberField
              label={t('share')}
              value={variant.percent / 100}
              minValue={0}
              maxValue={1}
              formatOptions={{ style: 'percent', maximumFractionDigits: 2 }}
              isDisabled={isReadOnly}
              onChange={(share) => change({ variants: withShare(variants, index, share * 100) })}
            />
            <span className="flex gap-1 pt-7">
              {!variant.isControl && (index > 0 || variant.content !== null) && (
                <IconButton label={t('edit', { id: variant.id })} onPress={() => setEditing(index)}>
                  <Pencil aria-hidden />
                </IconButton>
              )}
              <IconButton
                label={t('duplicate', { id: variant.id })}
                isDisabled={isReadOnly || variants.length >= VARIANTS_MAX || variant.isControl}
                // Named by its letter: `shared` gives it the next one.
                onPress={() => change({ variants: shared([...variants, { ...variant, name: 'A' }]) })}
              >
                <Copy aria-hidden />
              </IconButton>
              <IconButton
                label={t('delete', { id: variant.id })}
                isDisabled={isReadOnly || variants.length <= 2 || index === 0}
                onPress={() => change({ variants: shared(variants.toSpliced(index, 1)) })}
              >
                <Trash2 aria-hidden />
              </IconButton>
            </span>
          </li>
        ))}
      </ul>
      {!isReadOnly && (
        <div>
          <Button
            size="sm"
            variant="quiet"
            icon={<Plus aria-hidden />}
            disabledReason={
              variants.some(({ isControl }) => isControl)
                ? t('controlOnce')
                : variants.length >= VARIANTS_MAX
                  ? t('full')
                  : SILENT_MAY.has(test.settings.metric)
                    ? undefined
                    : t('controlNeeds')
            }
            onPress={() =>
              change({
                variants: shared([...variants, { name: t('controlName'), isControl: true, content: null }]),
              })
            }
          >
            {t('addControl')}
          </Button>
        </div>
      )}
      <TestSettings
        test={test}
        isContinuous={campaign.delivery === 'triggered'}
        isReadOnly={isReadOnly}
        onChange={(settings) => change({ settings })}
      />
      {campaign.delivery !== 'triggered' && <PlanSentence campaignId={campaign.id} />}
      <SelfTest settings={test.settings} />
      {edited && editing !== null && (
        <Sheet
          title={t('edit', { id: edited.id })}
          size="lg"
          isOpen
          isKeptOpen
          onOpenChange={(isOpen) => !isOpen && setEditing(null)}
        >
          <VariantContent
            key={edited.id}
            channels={campaign.channels}
            content={saidBy(campaign, edited)}
            isReadOnly={isReadOnly}
            onKeep={(changes) => {
              edit(editing, { content: { ...edited.content, ...changes } })
              setEditing(null)
            }}
          />
        </Sheet>
      )}
    </FieldStack>
  )
}

/** What a variant says on each channel; what is kept are the channels that were changed. */
function VariantContent({
  channels,
  content,
  isReadOnly,
  onKeep,
}: {
  channels: readonly Channel[]
  content: Campaign['content']
  isReadOnly: boolean
  onKeep: (changes: Partial<Campaign['content']>) => void
}) {
  const t = useTranslations('campaigns.test')
  const [changes, setChanges] = useState<Partial<Campaign['content']>>({})
  return (
    <div className="grid grid-cols-1 gap-4">
      <ChannelContents
        channels={channels}
        content={{ ...content, ...changes }}
        onChange={(edit) => setChanges((before) => ({ ...before, ...edit }))}
        isReadOnly={isReadOnly}
      />
      <div>
        <Button
          variant="primary"
          isDisabled={isReadOnly || Object.keys(changes).length === 0}
          onPress={() => onKeep(changes)}
        >
          {t('keep')}
        </Button>
      </div>
    </div>
  )
}

/** A variant's content: the campaign's, with its own in place of it channel by channel. */
function saidBy(campaign: Campaign, { content }: Variant): Campaign['content'] {
  const own = Object.entries(content ?? {}).filter(([, value]) => value !== undefined)
  return { ...campaign.content, ...Object.fromEntries(own) } // parts of a content, of which none is missing
}

/** A line to know a variant by: what its reader sees first on the first channel. */
function headlineOf(channels: readonly Channel[], content: Campaign['content']): string {
  const first = channels[0] ?? 'email'
  switch (first) {
    case 'email':
      return content.email.subject
    case 'sms':
      return content.sms.text ?? ''
    case 'whatsapp':
      return content.whatsapp.template ?? content.whatsapp.text ?? ''
    case 'in_app':
      return content.in_app.title ?? ''
    case 'webhook':
      return content.webhook.url ?? ''
  }
}
