import { ArrowDown, ArrowUp } from 'lucide-react'
import { useTranslations } from 'use-intl'
import { Section } from '../../ui/Card.tsx'
import { CheckboxGroup } from '../../ui/Checkbox.tsx'
import { FieldStack } from '../../ui/Field.tsx'
import { IconButton } from '../../ui/IconButton.tsx'
import { RadioGroup } from '../../ui/RadioGroup.tsx'
import type { Campaign, Channel, PlanEdit } from '../api.ts'

const CHANNELS = ['email', 'sms', 'whatsapp', 'in_app', 'webhook'] as const

/** By which channels a campaign leaves, how it reaches a person, and in which order channels are tried. */
export function ChannelsSection({
  plan,
  change,
  error,
  isReadOnly,
}: {
  plan: Pick<Campaign, 'channels' | 'reach'>
  change: (edit: PlanEdit) => void
  error: string | undefined
  isReadOnly: boolean
}) {
  const t = useTranslations('campaigns')
  const { channels, reach } = plan
  return (
    <Section title={t('channels.title')}>
      <FieldStack>
        <CheckboxGroup
          label={t('channels.used')}
          options={CHANNELS.map((value) => ({ value, label: t(`channels.names.${value}`) }))}
          value={channels}
          // The chosen ones keep their order, a new one comes last.
          onChange={(chosen) => {
            const next = [
              ...channels.filter((channel) => chosen.includes(channel)),
              ...chosen.filter((channel) => !channels.includes(channel)),
            ]
            if (next.length > 0) change({ channels: next })
          }}
          error={error}
          isDisabled={isReadOnly}
        />
        {channels.length > 1 && (
          <RadioGroup
            label={t('channels.reach')}
            options={(['all', 'first'] as const).map((value) => ({
              value,
              label: t(`channels.reaches.${value}`),
            }))}
            value={reach}
            onChange={(value) => change({ reach: value })}
            isDisabled={isReadOnly}
          />
        )}
        {channels.length > 1 && reach === 'first' && (
          <Order channels={channels} change={change} isReadOnly={isReadOnly} />
        )}
      </FieldStack>
    </Section>
  )
}

function Order({
  channels,
  change,
  isReadOnly,
}: {
  channels: readonly Channel[]
  change: (edit: PlanEdit) => void
  isReadOnly: boolean
}) {
  const t = useTranslations('campaigns')
  const move = (from: number, by: number): void => {
    const next = [...channels]
    const [moved] = next.splice(from, 1)
    if (moved) next.splice(from + by, 0, moved)
    change({ channels: next })
  }
  return (
    <div className="grid gap-1.5">
      <p id="channel-order" className="text-sm font-medium">
        {t('channels.order')}
      </p>
      <ol aria-labelledby="channel-order" className="grid max-w-sm gap-1.5">
        {channels.map((channel, at) => {
          const name = t(`channels.names.${channel}`)
          return (
            <li
              key={channel}
              className="flex items-center gap-2 rounded-md border border-line bg-panel py-1 pr-1 pl-3"
            >
              <span className="figures text-sm text-muted">{at + 1}</span>
              <span className="grow">{name}</span>
              {!isReadOnly && (
                <>
                  <IconButton
                    size="sm"
                    label={t('channels.up', { channel: name })}
                    isDisabled={at === 0}
                    onPress={() => move(at, -1)}
                  >
                    <ArrowUp aria-hidden />
                  </IconButton>
                  <IconButton
                    size="sm"
                    label={t('channels.down', { channel: name })}
                    isDisabled={at === channels.length - 1}
                    onPress={() => move(at, 1)}
                  >
                    <ArrowDown aria-hidden />
                  </IconButton>
                </>
              )}
            </li>
          )
        })}
      </ol>
      <p className="text-sm text-muted">{t('channels.orderHint')}</p>
    </div>
  )
}
