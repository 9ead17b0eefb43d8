import { useTranslations } from 'use-intl'
import { useFormat } from '../../platform/format.ts'
import { Button } from '../../ui/Button.tsx'
import { Section } from '../../ui/Card.tsx'
import { ErrorState } from '../../ui/ErrorState.tsx'
import { Badge } from '../../ui/StatusBadge.tsx'
import { SectionSkeleton } from '../../ui/Skeleton.tsx'
import { toast } from '../../ui/Toast.tsx'
import { useErrorToast } from '../../ui/use-error-toast.ts'
import { useEndOtherSessions, useEndSession, useSessions } from '../api.ts'
import type { SessionItem } from '../api.ts'
import { browserName } from './browser-name.ts'

/** Browsers in which one is signed in, and the way out of each. */
export function SessionsSection() {
  const t = useTranslations('team.account.sessions')
  const sessions = useSessions()
  const endOthers = useEndOtherSessions()
  const sayWhy = useErrorToast()
  const hasOthers = (sessions.data?.length ?? 0) > 1
  return (
    <Section
      title={t('title')}
      actions={
        hasOthers && (
          <Button
            size="sm"
            isPending={endOthers.isPending}
            onPress={() =>
              endOthers.mutate(undefined, { onSuccess: () => toast({ text: t('ended') }), onError: sayWhy })
            }
          >
            {t('endOthers')}
          </Button>
        )
      }
    >
      {sessions.error && <ErrorState error={sessions.error} onRetry={sessions.refetch} />}
      {sessions.isPending && <SectionSkeleton />}
      <ul className="divide-y divide-line">
        {sessions.data?.map((session) => (
          <SessionRow key={session.id} session={session} />
        ))}
      </ul>
    </Section>
  )
}

function SessionRow({ session }: { session: SessionItem }) {
  const t = useTranslations('team.account.sessions')
  const format = useFormat()
  const end = useEndSession()
  const sayWhy = useErrorToast()
  return (
    <li className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1 py-2.5">
      <span className="min-w-0">
        <span className="font-medium">{browserName(session.userAgent) ?? t('unknown')}</span>
        <span className="block text-sm text-muted">
          {[session.addressPrefix, format.relative(session.seenAt)].filter(Boolean).join(' · ')}
        </span>
      </span>
      {session.isCurrent ? (
        <Badge tone="green">{t('this')}</Badge>
      ) : (
        <Button
          size="sm"
          isPending={end.isPending}
          onPress={() => void end.mutateAsync(session.id).then(() => toast({ text: t('ended') }), sayWhy)}
        >
          {t('end')}
        </Button>
      )}
    </li>
  )
}
