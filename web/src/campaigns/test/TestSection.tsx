import { Copy, Pencil, Plus, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { MailEditor } from '../../content/MailEditor.tsx'
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
import { fieldErrors } from '../../platform/api/problem.ts'
import type { Campaign } from '../api.ts'
import type { Test, TestInput } from './api.ts'
import { useRemoveTest, useSaveTest, useTest } from './api.ts'
import { PlanSentence } from './PlanSentence.tsx'
import { TestSettings } from './TestSettings.tsx'

/** Most variants that a test compares. */
const VARIANTS_MAX = 5

/** Several contents for one audience: variants with their shares, the rule of the test, and what it could show. */
export function TestSection({ campaign, isReadOnly }: { campaign: Campaign; isReadOnly: boolean }) {
  const t = useTranslations('campaigns.test')
  const query = useTest(campaign.id)
  const save = useSaveTest(campaign.id)
  const remove = useRemoveTest(campaign.id)
  if (query.isError) return <ErrorState error={query.error} onRetry={query.refetch} />
  if (query.data === undefined) return <SectionSkeleton />
  const test = query.data?.status === 'draft' ? query.data : null
  const begin = () => save.mutate({ variants: [{}, { content: { email: campaign.content.email } }] })
  if (test === null)
    return (
      <Section title={t('title')} note={t('intro')}>
        <Button
          icon={<Plus aria-hidden />}
          isDisabled={isReadOnly}
          isPending={save.isPending}
          onPress={begin}
        >
          {t('start')}
        </Button>
      </Section>
    )
  return (
    <Section
      title={t('title')}
      note={t('intro')}
      actions={
        !isReadOnly && (
          <Button variant="quiet" isPending={remove.isPending} onPress={() => remove.mutate()}>
            {t('remove')}
          </Button>
        )
      }
    >
      <Form key={test.testId} campaign={campaign} test={test} save={save} isReadOnly={isReadOnly} />
    </Section>
  )
}

function Form({
  campaign,
  test,
  save,
  isReadOnly,
}: {
  campaign: Campaign
  test: Test
  save: ReturnType<typeof useSaveTest>
  isReadOnly: boolean
}) {
  const t = useTranslations('campaigns.test')
  const { message } = useErrorText(save.error)
  const [editing, setEditing] = useState<number | null>(null)
  const write = (changes: Partial<TestInput>) =>
    save.mutate({ name: test.name, variants: inputOf(test), settings: test.settings, ...changes })
  const variants = inputOf(test)
  /** Another number of variants shares anew; shares that were set by hand belong to the old number. */
  const withVariants = (next: typeof variants) =>
    write({ variants: next.map(({ percent: _percent, ...variant }) => variant) })
  const edited = editing === null ? null : (test.variants[editing] ?? null)
  return (
    <FieldStack>
      {save.isError && (
        <Banner tone="error" title={message}>
          {Object.values(fieldErrors(save.error)).join(' ')}
        </Banner>
      )}
      <ul className="grid grid-cols-1 gap-3">
        {test.variants.map((variant, index) => (
          <li
            key={`${variant.id}-${test.variants.length}`}
            className="grid grid-cols-[1fr_auto] items-end gap-3 rounded-lg border border-line p-3 sm:grid-cols-[minmax(0,1fr)_8rem_auto]"
          >
            <TextField
              label={t('variantName', { id: variant.id })}
              className="col-span-2 sm:col-span-1"
              hint={
                variant.isControl
                  ? t('silentNote')
                  : index === 0 && variant.content === null
                    ? t('originalNote')
                    : (variant.content?.email?.subject ?? '')
              }
              value={variant.name}
              isReadOnly={isReadOnly}
              onChange={(name) =>
                name.trim() !== '' &&
                write({ variants: variants.with(index, { ...inputFor(variant), name }) })
              }
            />
            <NumberField
              label={t('share')}
              value={variant.percent / 100}
              minValue={0}
              maxValue={1}
              formatOptions={{ style: 'percent', maximumFractionDigits: 2 }}
              isDisabled={isReadOnly}
              onChange={(share) => write({ variants: withShare(test, index, share * 100) })}
            />
            <span className="flex gap-1 pb-0.5">
              {!variant.isControl && (index > 0 || variant.content !== null) && (
                <IconButton label={t('edit', { id: variant.id })} onPress={() => setEditing(index)}>
                  <Pencil aria-hidden />
                </IconButton>
              )}
              <IconButton
                label={t('duplicate', { id: variant.id })}
                isDisabled={isReadOnly || test.variants.length >= VARIANTS_MAX || variant.isControl}
                onPress={() =>
                  withVariants([
                    ...variants,
                    { content: variant.content ?? { email: campaign.content.email }, isControl: false },
                  ])
                }
              >
                <Copy aria-hidden />
              </IconButton>
              <IconButton
                label={t('delete', { id: variant.id })}
                isDisabled={isReadOnly || test.variants.length <= 2 || index === 0}
                onPress={() => withVariants(variants.toSpliced(index, 1))}
              >
                <Trash2 aria-hidden />
              </IconButton>
            </span>
          </li>
        ))}
      </ul>
      <TestSettings test={test} isReadOnly={isReadOnly} onChange={(settings) => write({ settings })} />
      <PlanSentence campaignId={campaign.id} />
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
            email={edited.content?.email ?? campaign.content.email}
            isReadOnly={isReadOnly}
            onKeep={(email) => {
              write({
                variants: variants.with(editing, {
                  ...inputFor(edited),
                  content: { ...edited.content, email },
                }),
              })
              setEditing(null)
            }}
          />
        </Sheet>
      )}
    </FieldStack>
  )
}

function VariantContent({
  email,
  isReadOnly,
  onKeep,
}: {
  email: Campaign['content']['email']
  isReadOnly: boolean
  onKeep: (email: Campaign['content']['email']) => void
}) {
  const t = useTranslations('campaigns.test')
  const [value, setValue] = useState(email)
  return (
    <div className="grid grid-cols-1 gap-4">
      <MailEditor hasPreflight={false} value={value} onChange={setValue} isReadOnly={isReadOnly} />
      <div>
        <Button variant="primary" isDisabled={isReadOnly} onPress={() => onKeep(value)}>
          {t('keep')}
        </Button>
      </div>
    </div>
  )
}

type VariantInput = NonNullable<TestInput['variants']>[number]

function inputFor({ name, percent, isControl, content }: Test['variants'][number]): VariantInput {
  return { name, percent, isControl, content }
}

const inputOf = (test: Test): VariantInput[] => test.variants.map(inputFor)

/** One share changes, the others take what is left in the proportions that they had. */
function withShare(test: Test, index: number, percent: number): VariantInput[] {
  const others = test.variants.reduce(
    (sum, variant, place) => (place === index ? sum : sum + variant.percent),
    0,
  )
  const left = 100 - percent
  const shares = test.variants.map((variant, place) =>
    place === index
      ? percent
      : others > 0
        ? Math.floor(((variant.percent * left) / others) * 100) / 100
        : left / (test.variants.length - 1),
  )
  const last = shares.findLastIndex((_share, place) => place !== index)
  const missing = 100 - shares.reduce((sum, share) => sum + share, 0)
  return inputOf(test).map((variant, place) => ({
    ...variant,
    percent: Math.round(((shares[place] ?? 0) + (place === last ? missing : 0)) * 100) / 100,
  }))
}
