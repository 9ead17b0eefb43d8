import { useTranslations } from 'use-intl'
import { none, useFormat } from '../platform/format.ts'
import { Section } from '../ui/Card.tsx'
import { ErrorState } from '../ui/ErrorState.tsx'
import { SectionSkeleton } from '../ui/Skeleton.tsx'
import { Badge } from '../ui/StatusBadge.tsx'
import { type StatItem, Stats } from '../ui/Stat.tsx'
import { type Profile, useProfile } from './api.ts'
import { BestHours } from './BestHours.tsx'
import { classTones } from './classes.ts'
import { Definitions } from './Definitions.tsx'
import { useTileMoney } from './tile-money.ts'

/** What a person has become: orders, engagement, scores, and what each figure means. For a contact's profile. */
export function FiguresPanel({ contactId }: { contactId: string }) {
  const t = useTranslations('analytics.profile')
  const format = useFormat()
  const query = useProfile(contactId)
  if (query.isError) return <ErrorState error={query.error} onRetry={query.refetch} />
  if (!query.data) return <SectionSkeleton />
  const profile = query.data
  return (
    <Section
      title={t('title')}
      note={
        profile.updatedAt === null
          ? t('nothing')
          : t('lastSeen', { when: format.relative(profile.lastActivityAt) })
      }
    >
      {profile.updatedAt !== null && (
        <div className="grid grid-cols-1 gap-5">
          <Standing profile={profile} />
          <Figures profile={profile} />
          <OtherMoney profile={profile} />
          <Channels profile={profile} />
          <BestHours profile={profile} />
          <Definitions />
        </div>
      )}
    </Section>
  )
}

function Figures({ profile }: { profile: Profile }) {
  const t = useTranslations('analytics.profile')
  return <Stats label={t('figures')} items={useFigures(profile)} />
}

function useFigures(profile: Profile): StatItem[] {
  const t = useTranslations('analytics.profile')
  const format = useFormat()
  const tile = useTileMoney()
  const money = (amountMinor: number | null): string =>
    amountMinor === null ? none : tile({ amountMinor, currency: profile.currency })
  return [
    {
      label: t('revenue'),
      value: money(profile.revenueMinor),
      ...(profile.refundedMinor === 0 ? {} : { of: t('refunded', { amount: money(profile.refundedMinor) }) }),
    },
    {
      label: t('orders'),
      value: format.number(profile.orders),
      ...(profile.orders === 0 ? {} : { of: t('average', { amount: money(profile.averageOrderMinor) }) }),
    },
    {
      label: t('lastOrder'),
      value: money(profile.lastOrderMinor),
      ...(profile.lastOrderAt === null ? {} : { of: format.date(profile.lastOrderAt) }),
    },
    { label: t('lifetimeValue'), value: money(profile.lifetimeValueMinor) },
    {
      label: t('engagement'),
      value: format.number(profile.engagementScore),
      of: t('ofHundred'),
    },
    { label: t('firstActivity'), value: format.date(profile.firstActivityAt) },
  ]
}

/** In words: class, spending level, subscription. */
function Standing({ profile }: { profile: Profile }) {
  const t = useTranslations('analytics')
  const { rfm, spendingLevel, subscription } = profile
  if (rfm === null && spendingLevel === null && subscription === null) return null
  return (
    <ul className="flex flex-wrap items-center gap-2">
      {rfm !== null && (
        <li>
          <Badge tone={classTones[rfm.class]}>{t(`classes.${rfm.class}`)}</Badge>{' '}
          <span className="figures text-sm text-muted">
            {t('profile.scores', { recency: rfm.recency, frequency: rfm.frequency, monetary: rfm.monetary })}
          </span>
        </li>
      )}
      {spendingLevel !== null && (
        <li>
          <Badge>{t(`levels.${spendingLevel}`)}</Badge>
        </li>
      )}
      {subscription !== null && (
        <li>
          <Badge tone={subscription.status === 'active' ? 'green' : 'grey'}>
            {t(`profile.subscription.${subscription.status}`, { tier: subscription.tier ?? '' })}
          </Badge>
        </li>
      )}
    </ul>
  )
}

/** Other currencies, apart: never summed with the organization's. */
function OtherMoney({ profile }: { profile: Profile }) {
  const t = useTranslations('analytics.profile')
  const format = useFormat()
  if (profile.otherMoney.length === 0) return null
  return (
    <section>
      <h3 className="mb-1 text-sm font-medium text-muted">{t('otherMoney')}</h3>
      <ul className="grid gap-1">
        {profile.otherMoney.map(({ currency, orders, revenueMinor }) => (
          <li key={currency} className="flex justify-between gap-4">
            <span>{t('ordersIn', { orders, currency })}</span>
            <span className="figures">{format.money({ amountMinor: revenueMinor, currency })}</span>
          </li>
        ))}
      </ul>
    </section>
  )
}

function Channels({ profile }: { profile: Profile }) {
  const t = useTranslations('analytics')
  const format = useFormat()
  if (profile.channels.length === 0) return null
  return (
    <section>
      <h3 className="mb-1 text-sm font-medium text-muted">{t('profile.messages')}</h3>
      <ul className="grid gap-2">
        {profile.channels.map((channel) => (
          <li key={channel.channel} className="flex flex-wrap items-baseline justify-between gap-x-4">
            <span className="font-medium">
              <ChannelName channel={channel.channel} />
            </span>
            <span className="figures text-muted">
              {t('profile.channel', {
                received: format.number(channel.received),
                opened: format.number(channel.opened),
                clicked: format.number(channel.clicked),
                converted: format.number(channel.converted),
              })}
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}

const CHANNELS = ['email', 'sms', 'whatsapp', 'in_app', 'webhook'] as const

function ChannelName({ channel }: { channel: string }) {
  const t = useTranslations('analytics.channels')
  const known = CHANNELS.find((name) => name === channel)
  return known === undefined ? channel : t(known)
}
