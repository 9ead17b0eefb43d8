import { useNavigate } from '@tanstack/react-router'
import { useTranslations } from 'use-intl'
import { useDeleteCampaign } from '../campaigns/api.ts'
import { useRefusal } from '../platform/session.ts'
import { Button } from '../ui/Button.tsx'
import { useErrorText } from '../ui/ErrorState.tsx'
import { Banner } from '../ui/Banner.tsx'
import { toast } from '../ui/Toast.tsx'
import type { AdviceUse, Recommendation } from './api.ts'
import { useApplyAdvice } from './api.ts'

/** What to try next: what speaks for it, what to expect, and a click that makes a draft of it. Source: DS-CampaignAnalyticsService.getRecommendations */
export function Advice({ recommendations }: { recommendations: readonly Recommendation[] }) {
  return (
    <ul className="grid gap-5">
      {recommendations.map((one) => (
        <Piece key={`${one.feature}-${one.value}`} advice={one} />
      ))}
    </ul>
  )
}

function Piece({ advice }: { advice: Recommendation }) {
  const t = useTranslations('reports.insights')
  const navigate = useNavigate()
  const apply = useApplyAdvice()
  const remove = useDeleteCampaign()
  const refusal = useRefusal('campaigns.write')
  const { message } = useErrorText(apply.error)
  const follow = (as: AdviceUse) =>
    apply.mutate(
      { feature: advice.feature, value: advice.value, as },
      {
        onSuccess: ({ campaignId, next, startAt }) => {
          toast({
            text: next,
            onUndo: async () => {
              await remove.mutateAsync(campaignId)
              toast({ text: t('undone') })
              await navigate({ to: '/reports' })
            },
          })
          void navigate({
            to: '/campaigns/$id',
            params: { id: campaignId },
            search: startAt === null ? {} : { at: startAt },
          })
        },
      },
    )
  return (
    <li className="grid gap-1">
      <span className="font-medium">{advice.sentence}</span>
      <span>{advice.effect}</span>
      <span className="text-muted">{advice.evidence}</span>
      {apply.isError && <Banner tone="error" title={message} />}
      <span className="mt-1 flex flex-wrap items-center gap-2">
        {advice.uses.map((as) => (
          <Button
            key={as}
            size="sm"
            isPending={apply.isPending && apply.variables.as === as}
            disabledReason={refusal}
            aria-label={`${t(as)}: ${advice.sentence}`}
            onPress={() => follow(as)}
          >
            {t(as)}
          </Button>
        ))}
        {advice.copyOf !== null && (
          <span className="text-sm text-muted">{t('copyOf', { name: advice.copyOf })}</span>
        )}
      </span>
    </li>
  )
}
