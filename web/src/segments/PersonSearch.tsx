import { useTranslations } from 'use-intl'
import { toast } from '../ui/Toast.tsx'
import { useErrorToast } from '../ui/use-error-toast.ts'
import { useAddMembers } from './api.ts'
import { PersonFinder } from './PersonFinder.tsx'

/** Finds a contact by name, e-mail or phone and puts them on the list. */
export function PersonSearch({ segmentId }: { segmentId: string }) {
  const t = useTranslations('segments')
  const add = useAddMembers(segmentId)
  const sayWhy = useErrorToast()
  return (
    <PersonFinder
      label={t('members.search')}
      isLabelHidden
      placeholder={t('members.searchPlaceholder')}
      onChoose={({ id }) =>
        add.mutate(
          { contactIds: [id] },
          {
            onSuccess: ({ added, alreadyIn }) => toast({ text: t('members.added', { added, alreadyIn }) }),
            onError: sayWhy,
          },
        )
      }
    />
  )
}
