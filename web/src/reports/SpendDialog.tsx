import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { fieldErrors } from '../platform/api/problem.ts'
import { Banner } from '../ui/Banner.tsx'
import { DateField } from '../ui/DateField.tsx'
import { useErrorText } from '../ui/ErrorState.tsx'
import { FieldRow } from '../ui/Field.tsx'
import { FormDialog } from '../ui/FormDialog.tsx'
import { NumberField } from '../ui/NumberField.tsx'
import { Select } from '../ui/Select.tsx'
import { useKitText } from '../ui/text.ts'
import { TextField } from '../ui/TextField.tsx'
import { toast } from '../ui/Toast.tsx'
import { useSaveSpend } from './api.ts'
import type { NewSpend, Spend } from './api.ts'
import { CHANNELS, PLATFORMS } from './parts.ts'

const KINDS = ['media', 'post', 'manual'] as const
const NONE = 'none' as const

/** Writes down what was paid, or corrects it. */
export function SpendDialog({
  campaignId,
  currency,
  spend,
  onClose,
}: {
  campaignId: string
  currency: string
  /** Null for a new one. */
  spend: Spend | null
  onClose: () => void
}) {
  const t = useTranslations('reports')
  const channels = useTranslations('analytics.channels')
  const common = useKitText()
  const save = useSaveSpend(campaignId)
  const issues = fieldErrors(save.error)
  const { message } = useErrorText(save.error)
  const [kind, setKind] = useState<Spend['kind']>(spend?.kind ?? 'media')
  const [channel, setChannel] = useState<(typeof CHANNELS)[number] | typeof NONE>(spend?.channel ?? NONE)
  const [platform, setPlatform] = useState<(typeof PLATFORMS)[number] | typeof NONE>(spend?.platform ?? NONE)
  const [posts, setPosts] = useState<number>(spend?.posts ?? Number.NaN)
  const isPriced = kind === 'post' && platform !== NONE && posts > 0
  const [amount, setAmount] = useState<number>(spend && spend.posts === null ? spend.amount : Number.NaN)
  const [spentOn, setSpentOn] = useState<string | null>(spend?.spentOn ?? null)
  const [spentUntil, setSpentUntil] = useState<string | null>(spend?.spentUntil ?? null)
  const [note, setNote] = useState(spend?.note ?? '')
  const isComplete = (amount > 0 || isPriced) && spentOn !== null
  const submit = (): void => {
    if (spentOn === null) return
    const body: NewSpend = {
      kind,
      channel: channel === NONE ? null : channel,
      platform: platform === NONE ? null : platform,
      amount: isPriced ? null : amount,
      posts: isPriced ? posts : null,
      spentOn,
      spentUntil,
      note,
    }
    save.mutate(
      { spendId: spend?.id ?? null, body },
      {
        onSuccess: () => {
          toast({ text: t(spend ? 'spends.changed' : 'spends.added') })
          onClose()
        },
      },
    )
  }
  return (
    <FormDialog
      title={t(spend ? 'spends.edit' : 'spends.add')}
      action={common('actions.save')}
      isPending={save.isPending}
      isDisabled={!isComplete}
      onSubmit={submit}
      onClose={onClose}
    >
      {save.isError && Object.keys(issues).length === 0 && <Banner tone="error" title={message} />}
      <FieldRow>
        <Select
          label={t('spends.kind')}
          options={KINDS.map((value) => ({ value, label: t(`spends.kinds.${value}`) }))}
          value={kind}
          onChange={setKind}
        />
        {!isPriced && (
          <NumberField
            label={t('spends.amount')}
            minValue={0}
            value={amount}
            onChange={setAmount}
            error={issues['amount']}
            formatOptions={{ style: 'currency', currency }}
          />
        )}
      </FieldRow>
      <FieldRow>
        <DateField label={t('spends.on')} value={spentOn} onChange={setSpentOn} error={issues['spentOn']} />
        <DateField
          label={t('spends.until')}
          isOptional
          value={spentUntil}
          onChange={setSpentUntil}
          error={issues['spentUntil']}
        />
      </FieldRow>
      <FieldRow>
        <Select
          label={t('spends.platform')}
          options={[
            { value: NONE, label: t('spends.noPlatform') },
            ...PLATFORMS.map((value) => ({ value, label: t(`platforms.${value}`) })),
          ]}
          value={platform}
          onChange={setPlatform}
        />
        <Select
          label={t('spends.channel')}
          options={[
            { value: NONE, label: t('spends.noChannel') },
            ...CHANNELS.map((value) => ({ value, label: channels(value) })),
          ]}
          value={channel}
          onChange={setChannel}
        />
      </FieldRow>
      {kind === 'post' && platform !== NONE && (
        <NumberField
          label={t('spends.posts')}
          hint={t('spends.postsHint')}
          isOptional
          minValue={1}
          value={posts}
          onChange={setPosts}
          error={issues['posts']}
          formatOptions={{ maximumFractionDigits: 0 }}
        />
      )}
      <TextField label={t('spends.note')} value={note} onChange={setNote} isOptional maxLength={500} />
    </FormDialog>
  )
}
