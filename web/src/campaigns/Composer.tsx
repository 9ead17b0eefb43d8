import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { CampaignName } from '../content/campaign-name.ts'
import { EventType } from '../content/event-type.ts'
import { SenderPicker } from '../delivery/SenderPicker.tsx'
import { fieldErrors } from '../platform/api/problem.ts'
import { useRefusal } from '../platform/session.ts'
import { useSettled } from '../platform/use-settled.ts'
import { AudiencePicker } from '../segments/AudiencePicker.tsx'
import { Banner } from '../ui/Banner.tsx'
import { Button } from '../ui/Button.tsx'
import { Section } from '../ui/Card.tsx'
import { useErrorText } from '../ui/ErrorState.tsx'
import { FieldStack } from '../ui/Field.tsx'
import { NumberField } from '../ui/NumberField.tsx'
import { Select } from '../ui/Select.tsx'
import { TextArea, TextField } from '../ui/TextField.tsx'
import type { Campaign, Channel } from './api.ts'
import { ChannelContents } from './channels/ChannelContents.tsx'
import { ChannelsSection } from './channels/ChannelsSection.tsx'
import { ConversionRule } from './conversions/ConversionRule.tsx'
import { ComposerRail } from './ComposerRail.tsx'
import { GoalsField } from './GoalsField.tsx'
import { TopicField } from './TopicField.tsx'
import { TimingSection } from './TimingSection.tsx'
import { TestSection } from './test/TestSection.tsx'
import { TriggerSection } from './trigger/TriggerSection.tsx'
import { useDraft } from './use-draft.ts'
import { WhenSection } from './WhenSection.tsx'

const TYPES = ['promotion', 'engagement', 'subscription', 'retention', 'ppv'] as const

/** One page, any order: what it says, to whom, when, what for; beside it, who would get it and what is missing. */
export function Composer({ campaign }: { campaign: Campaign }) {
  const t = useTranslations('campaigns')
  const draft = useDraft(campaign)
  const { plan, change } = draft
  const refusal = useRefusal('campaigns.write')
  const errors = fieldErrors(draft.error)
  const { message } = useErrorText(draft.error)
  const isReadOnly = refusal !== undefined
  const isTriggered = campaign.delivery === 'triggered'
  const source = isTriggered ? plan.trigger?.source : undefined
  const name = useSettled(plan.name)
  const [chosen, setChosen] = useState<Channel>()
  const shown = plan.channels.find((channel) => channel === chosen) ?? plan.channels[0]
  return (
    <div className="grid grid-cols-1 items-start gap-5 xl:grid-cols-[minmax(0,1fr)_320px]">
      <div className="grid min-w-0 grid-cols-1 gap-5">
        {refusal !== undefined && <Banner tone="info">{refusal}</Banner>}
        {draft.state === 'overtaken' && (
          <Banner
            tone="warning"
            title={message}
            action={
              <Button size="sm" onPress={() => location.reload()}>
                {t('draft.reload')}
              </Button>
            }
          />
        )}
        {draft.state === 'failed' && (
          <Banner
            tone="error"
            title={message}
            action={
              <Button size="sm" onPress={() => void draft.saveNow()}>
                {t('draft.retry')}
              </Button>
            }
          >
            {Object.values(errors).join(' ')}
          </Banner>
        )}
        <Section title={t('sections.plan')}>
          <FieldStack>
            <TextField
              label={t('name')}
              value={plan.name}
              onChange={(name) => change({ name })}
              error={errors['name']}
              isReadOnly={isReadOnly}
              maxLength={200}
            />
            <TextArea
              label={t('description')}
              isOptional
              value={plan.description}
              onChange={(description) => change({ description })}
              error={errors['description']}
              isReadOnly={isReadOnly}
              rows={2}
            />
          </FieldStack>
        </Section>
        {isTriggered && (
          <div id="trigger">
            <TriggerSection campaign={campaign} draft={draft} errors={errors} isReadOnly={isReadOnly} />
          </div>
        )}
        <div id="channels">
          <ChannelsSection plan={plan} change={change} error={errors['channels']} isReadOnly={isReadOnly} />
        </div>
        <CampaignName value={name}>
          <EventType value={source?.kind === 'event' ? source.event : null}>
            <div id="campaign-content">
              <Section
                title={t('sections.content')}
                actions={
                  !isReadOnly &&
                  shown === 'email' && (
                    <SenderPicker
                      onPick={(sender) =>
                        change({ content: { email: { ...plan.content.email, ...sender } } })
                      }
                    />
                  )
                }
              >
                <ChannelContents
                  channels={plan.channels}
                  content={plan.content}
                  onChange={(content) => change({ content })}
                  isReadOnly={isReadOnly}
                  shown={shown}
                  onShow={setChosen}
                />
              </Section>
            </div>
            <div id="test">
              <TestSection campaign={campaign} isReadOnly={isReadOnly} />
            </div>
          </EventType>
        </CampaignName>
        <div id="audience">
          <Section title={t('sections.audience')}>
            <FieldStack>
              <AudiencePicker
                value={plan.audience}
                onChange={(audience) => change({ audience })}
                isReadOnly={isReadOnly}
              />
              <div id="topic">
                <TopicField topic={plan.topic} change={change} isReadOnly={isReadOnly} />
              </div>
            </FieldStack>
          </Section>
        </div>
        {!isTriggered && (
          <div id="when">
            <WhenSection campaign={campaign} />
          </div>
        )}
        <div id="timing">
          <TimingSection campaign={campaign} draft={draft} errors={errors} isReadOnly={isReadOnly} />
        </div>
        <Section title={t('sections.goals')}>
          <FieldStack>
            <Select
              label={t('type')}
              hint={t('typeHint')}
              options={TYPES.map((type) => ({ value: type, label: t(`types.${type}`) }))}
              value={plan.type}
              onChange={(type) => change({ type })}
              isDisabled={isReadOnly}
            />
            <GoalsField value={plan.goals} onChange={(goals) => change({ goals })} isReadOnly={isReadOnly} />
            <NumberField
              label={t('budget')}
              isOptional
              hint={t('budgetHint')}
              value={plan.budget ?? Number.NaN}
              onChange={(budget) => change({ budget: Number.isNaN(budget) ? null : budget })}
              minValue={0}
              formatOptions={{ style: 'currency', currency: campaign.currency }}
              isDisabled={isReadOnly}
            />
          </FieldStack>
        </Section>
        <ConversionRule campaign={campaign} />
      </div>
      <ComposerRail campaign={campaign} state={draft.state} />
    </div>
  )
}
