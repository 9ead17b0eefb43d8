import type { routes } from '@fanfare/server/onboarding/schema'
import { useMutation } from '@tanstack/react-query'
import { useTranslations } from 'use-intl'
import { client } from '../../platform/api/client.ts'
import { useSession } from '../../platform/session.ts'
import { Banner } from '../../ui/Banner.tsx'
import { Button } from '../../ui/Button.tsx'
import { useErrorText } from '../../ui/ErrorState.tsx'

const call = client<typeof routes>()

/** Offers a filled workspace to look around in, beside one's own that is still empty. */
export function SampleOffer() {
  const t = useTranslations('app.home.sample')
  const { organization, organizations } = useSession()
  const make = useMutation({
    mutationFn: () => call('POST /api/sample-workspace'),
    // Everything on the screen belongs to another organization now.
    onSuccess: () => location.assign('/'),
  })
  const { message } = useErrorText(make.error)
  const isOffered = organization?.isSample !== true && organizations.length === 1
  if (!isOffered) return null
  return (
    <Banner
      title={t('title')}
      tone={make.isError ? 'error' : 'info'}
      action={
        <Button size="sm" isPending={make.isPending} onPress={() => make.mutate()}>
          {t('action')}
        </Button>
      }
    >
      {make.isError ? message : t('text')}
    </Banner>
  )
}
