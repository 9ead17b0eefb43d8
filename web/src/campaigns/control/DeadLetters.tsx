import { RotateCw } from 'lucide-react'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { useFormat } from '../../platform/format.ts'
import { useRefusal } from '../../platform/session.ts'
import { Banner } from '../../ui/Banner.tsx'
import { Button } from '../../ui/Button.tsx'
import { Section } from '../../ui/Card.tsx'
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx'
import { Sheet } from '../../ui/Dialog.tsx'
import { EmptyState } from '../../ui/EmptyState.tsx'
import { ErrorState } from '../../ui/ErrorState.tsx'
import { Pagination } from '../../ui/Pagination.tsx'
import { Table } from '../../ui/Table.tsx'
import { toast } from '../../ui/Toast.tsx'
import { AgainBar } from './AgainBar.tsx'
import { useReasonText } from '../reasons.ts'
import type { DeadLetterGroup, Desk } from './api.ts'
import { useDeadLetters, useSendAgain } from './api.ts'

/** Messages that nobody tries any more, by reason; each group opens its people and can be sent again. */
export function DeadLetters({ campaignId, desk }: { campaignId: string; desk: Desk }) {
  const t = useTranslations('campaigns')
  const format = useFormat()
  const reasonText = useReasonText()
  const [shown, setShown] = useState<DeadLetterGroup | null>(null)
  const [asked, setAsked] = useState<DeadLetterGroup | null>(null)
  const again = useSendAgain(campaignId)
  const refusal = useRefusal('campaigns.launch')
  const reason = desk.canSendAgain ? refusal : t('desk.dead.stopped')
  const send = () =>
    asked &&
    again
      .mutateAsync({ channel: asked.channel, reason: asked.reason })
      .then(({ people }) => toast({ text: t('desk.dead.done', { count: people }) }))
  if (desk.deadLetters.length === 0)
    return (
      <Section title={t('desk.dead.title')}>
        <p className="text-muted">{t('desk.dead.none')}</p>
      </Section>
    )
  return (
    <Section title={t('desk.dead.title')} note={t('desk.dead.note')} isFlush>
      {desk.again !== null && (
        <div className="px-4 pb-4">
          <AgainBar campaignId={campaignId} again={desk.again} />
        </div>
      )}
      <Table
        label={t('desk.dead.title')}
        className="rounded-t-none border-x-0 border-b-0"
        rows={desk.deadLetters}
        rowKey={({ channel, state, reason: why }) => `${channel} ${state} ${why}`}
        columns={[
          {
            id: 'reason',
            title: t('report.people.reason'),
            isRowHeader: true,
            cell: (group) => (
              <span className="grid min-w-0 justify-items-start">
                <button
                  type="button"
                  className="min-h-6 rounded-sm text-left underline underline-offset-2"
                  onClick={() => setShown(group)}
                >
                  {reasonText(group.reason)}
                </button>
                <span className="text-sm font-normal text-muted">
                  {t(`channels.names.${group.channel}`)}
                  {mayHaveArrived(group) && ` · ${t('desk.dead.mayHaveArrived')}`}
                </span>
              </span>
            ),
          },
          {
            id: 'people',
            title: t('desk.errors.messages'),
            align: 'end',
            cell: ({ people }) => format.number(people),
          },
          {
            id: 'again',
            title: t('desk.dead.again'),
            align: 'end',
            cell: (group) => (
              <Button
                size="sm"
                icon={<RotateCw aria-hidden />}
                disabledReason={reason}
                onPress={() => setAsked(group)}
              >
                {t('desk.dead.again')}
              </Button>
            ),
          },
        ]}
      />
      <ConfirmDialog
        title={t('desk.dead.confirm', { count: asked?.people ?? 0 })}
        action={t('desk.dead.again')}
        isOpen={asked !== null}
        onOpenChange={(isOpen) => !isOpen && setAsked(null)}
        isPending={again.isPending}
        isDangerous={mayHaveArrived(asked)}
        onConfirm={send}
      >
        {mayHaveArrived(asked) && (
          <Banner tone="warning" title={t('desk.dead.twice')}>
            {t('desk.dead.twiceText')}
          </Banner>
        )}
        {t('desk.dead.confirmText')}
      </ConfirmDialog>
      <Sheet
        title={shown === null ? '' : reasonText(shown.reason)}
        isOpen={shown !== null}
        onOpenChange={(isOpen) => !isOpen && setShown(null)}
      >
        {shown !== null && <Letters campaignId={campaignId} group={shown} />}
      </Sheet>
    </Section>
  )
}

/** Their provider never answered: sent again, they may be there twice. */
const mayHaveArrived = (group: DeadLetterGroup | null): boolean => group?.state === 'unknown'

/** The people of a group, with what the provider said to each. */
function Letters({ campaignId, group }: { campaignId: string; group: DeadLetterGroup }) {
  const t = useTranslations('campaigns')
  const format = useFormat()
  const reasonText = useReasonText()
  const query = useDeadLetters(campaignId, group)
  const rows = query.data?.pages.flatMap((page) => page.items)
  if (query.isError) return <ErrorState error={query.error} onRetry={query.refetch} />
  return (
    <div className="grid gap-4">
      <Table
        label={reasonText(group.reason)}
        rows={rows}
        rowKey={({ runId, contactId, channel }) => `${runId} ${contactId} ${channel}`}
        rowHref={({ contactId }) => `/audience/contacts/${contactId}`}
        empty={<EmptyState title={t('report.people.none')} />}
        columns={[
          {
            id: 'who',
            title: t('report.people.who'),
            isRowHeader: true,
            cell: ({ email, firstName, lastName }) => (
              <span className="grid min-w-0">
                <span>
                  {[firstName, lastName].filter(Boolean).join(' ') || (email ?? t('report.people.erased'))}
                </span>
                {email !== null && <span className="truncate text-sm font-normal text-muted">{email}</span>}
              </span>
            ),
          },
          {
            id: 'said',
            title: t('desk.errors.said'),
            cell: ({ code, words, withheldReason, isWaitingAgain, attempts, at }) => (
              <span className="grid min-w-0 text-sm">
                <span className="break-words">
                  {[code, words].filter(Boolean).join(' ') || format.dateTime(at)}
                </span>
                <span className="text-muted">
                  {isWaitingAgain
                    ? t('desk.dead.waiting')
                    : withheldReason !== null
                      ? t('desk.dead.withheld', { reason: reasonText(withheldReason) })
                      : attempts > 0 && t('desk.dead.attempts', { count: attempts })}
                </span>
              </span>
            ),
          },
        ]}
      />
      <Pagination shown={rows?.length ?? 0} pages={query} number={format.number} />
    </div>
  )
}
