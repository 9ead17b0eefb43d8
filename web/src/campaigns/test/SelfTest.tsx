import { useTranslations } from 'use-intl'
import { ApiError } from '../../platform/api/problem.ts'
import { useFormat } from '../../platform/format.ts'
import { Banner } from '../../ui/Banner.tsx'
import { Button } from '../../ui/Button.tsx'
import { useErrorText } from '../../ui/ErrorState.tsx'
import { useSelfTest, type TestInput } from './api.ts'

/** The rule tried on people of one's own, among whom there is nothing to find: how often it names a winner all the same. */
export function SelfTest({ settings }: { settings: NonNullable<TestInput['settings']> }) {
  const t = useTranslations('campaigns.test.self')
  const format = useFormat()
  const { data, error, isPending, mutate } = useSelfTest()
  const { message } = useErrorText(error)
  const metric = settings.metric === 'open' ? 'open' : 'click'
  return (
    <div className="grid gap-3">
      <div>
        <Button
          size="sm"
          variant="quiet"
          isPending={isPending}
          onPress={() => mutate({ metric, confidence: settings.confidence ?? 95 })}
        >
          {t('try')}
        </Button>
      </div>
      {error !== null && (
        <Banner
          tone="info"
          title={
            error instanceof ApiError && error.code === 'experiments.history_missing' ? t('missing') : message
          }
        />
      )}
      {data && (
        <Banner
          tone="info"
          title={t('rule', {
            runs: format.number(data.runs),
            share: format.percent(data.falseWinners / data.runs),
          })}
        >
          {t('note', {
            people: format.number(data.people),
            naive: format.percent(data.naiveFalseWinners / data.runs),
            allowed: format.percent(1 - data.confidence / 100, 0),
          })}
        </Banner>
      )}
    </div>
  )
}
