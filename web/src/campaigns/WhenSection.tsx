import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { fieldErrors } from '../platform/api/problem.ts'
import { useRefusal, useSession } from '../platform/session.ts'
import { Button } from '../ui/Button.tsx'
import { Banner } from '../ui/Banner.tsx'
import { Section } from '../ui/Card.tsx'
import { DateTimeZoneField } from '../ui/DateTimeZoneField.tsx'
import type { WallTime } from '../ui/DateTimeZoneField.tsx'
import { useErrorText } from '../ui/ErrorState.tsx'
import { toast } from '../ui/Toast.tsx'
import type { Campaign, ScheduleInput } from './api.ts'
import { useSchedule } from './api.ts'
import { BestHour } from './BestHour.tsx'
import { NextRuns } from './NextRuns.tsx'
import { RepeatFields } from './RepeatFields.tsx'
import { useSaveAll } from './unsaved-work.ts'

const route = getRouteApi('/shell/campaigns/$id')
/** Of `2026-11-27`. */
const DAY_LENGTH = 10

/**
 * When it leaves: now, by the button above, or at a wall time of a zone. With `onClose` a plan that stands is changed: it is
 * called once that is done, or left.
 */
export function WhenSection({ campaign, onClose }: { campaign: Campaign; onClose?: () => void }) {
  const t = useTranslations('campaigns')
  const { organization } = useSession()
  const advised = route.useSearch().at ?? null
  const ownTimeZone = new Intl.DateTimeFormat().resolvedOptions().timeZone
  const [when, setWhen] = useState<WallTime>({
    at: campaign.schedule?.at ?? advised,
    timeZone: campaign.schedule?.timeZone ?? organization?.timeZone ?? ownTimeZone,
  })
  const [plan, setPlan] = useState<Omit<ScheduleInput, 'at' | 'timeZone'>>(
    campaign.schedule ?? { clock: 'zone', repeat: null, endsOn: null, remindMinutes: 60 },
  )
  const schedule = useSchedule(campaign.id)
  const saveAll = useSaveAll()
  const refusal = useRefusal('campaigns.launch')
  const { message } = useErrorText(schedule.error)
  const errors = fieldErrors(schedule.error)
  const reason = refusal ?? (campaign.allowed.includes('schedule') ? undefined : t('when.notNow'))
  // What was refused is said of the plan as it was: of another one nothing is known yet.
  const edit = (change: () => void): void => {
    if (schedule.isError) schedule.reset()
    change()
  }
  const submit = async (at: string) => {
    if (!(await saveAll())) return
    // A promise, and no callback of the mutation: once planned, the page shows the plan in place of this. A refusal
    // stands above.
    await schedule.mutateAsync({ ...plan, at, timeZone: when.timeZone }).then(
      () => {
        toast({ text: t(onClose ? 'when.changed' : 'when.done') })
        onClose?.()
      },
      () => undefined,
    )
  }
  return (
    <Section
      title={t('sections.when')}
      note={t(campaign.allowed.includes('launch') ? 'when.note' : 'when.noteAhead')}
      actions={
        <>
          {onClose && (
            // The button that led here is gone: whoever came by keyboard goes on from here.
            <Button variant="quiet" autoFocus onPress={onClose}>
              {t('when.leave')}
            </Button>
          )}
          <Button
            isPending={schedule.isPending}
            isDisabled={when.at === null}
            disabledReason={reason}
            onPress={() => when.at !== null && void submit(when.at)}
          >
            {campaign.schedule === null ? t('actions.schedule') : t('actions.reschedule')}
          </Button>
        </>
      }
    >
      <div className="grid gap-4">
        {schedule.isError && errors['at'] === undefined && (
          <Banner tone="error" title={message}>
            {Object.values(errors).join(' ')}
          </Banner>
        )}
        <DateTimeZoneField
          value={when}
          onChange={(next) => edit(() => setWhen(next))}
          error={errors['at']}
          ownTimeZone={ownTimeZone}
          isDisabled={reason !== undefined}
        />
        <BestHour
          campaign={campaign}
          // A day that was chosen stays.
          onTake={(next) =>
            edit(() =>
              setWhen((before) => ({
                ...before,
                at: (before.at ?? next).slice(0, DAY_LENGTH) + next.slice(DAY_LENGTH),
              })),
            )
          }
          isDisabled={reason !== undefined}
        />
        {when.at !== null && (
          <>
            <RepeatFields
              value={{ ...plan, at: when.at, timeZone: when.timeZone }}
              onChange={(change) => edit(() => setPlan((before) => ({ ...before, ...change })))}
              isDisabled={reason !== undefined}
              errors={errors}
            />
            <NextRuns
              schedule={{ ...plan, at: when.at, timeZone: when.timeZone, campaignId: campaign.id }}
              isRefused={schedule.isError}
            />
          </>
        )}
      </div>
    </Section>
  )
}
