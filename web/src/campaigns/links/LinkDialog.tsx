import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { fieldErrors } from '../../platform/api/problem.ts'
import { Banner } from '../../ui/Banner.tsx'
import { useErrorText } from '../../ui/ErrorState.tsx'
import { FormDialog } from '../../ui/FormDialog.tsx'
import { Select } from '../../ui/Select.tsx'
import { useKitText } from '../../ui/text.ts'
import { TextField } from '../../ui/TextField.tsx'
import { toast } from '../../ui/Toast.tsx'
import type { NewPostLink, PostLink } from './api.ts'
import { useAddPostLink, useChangePostLink } from './api.ts'
import { POST_PLATFORMS } from './platforms.ts'

/** Makes a tracked link, or renames one: where it leads stands in posts and stays. */
export function LinkDialog({
  campaignId,
  link,
  onClose,
}: {
  campaignId: string
  /** Null for a new one. */
  link: PostLink | null
  onClose: () => void
}) {
  const t = useTranslations('campaigns.postLinks')
  const platforms = useTranslations('campaigns.platforms')
  const common = useKitText()
  const add = useAddPostLink(campaignId)
  const rename = useChangePostLink(campaignId)
  const { error, isPending } = link === null ? add : rename
  const issues = fieldErrors(error)
  const { message } = useErrorText(error)
  const [name, setName] = useState(link?.name ?? '')
  const [platform, setPlatform] = useState<NewPostLink['platform']>(link?.platform ?? 'instagram')
  const [destination, setDestination] = useState(link?.destination ?? '')
  const done = (text: string) => ({
    onSuccess: () => {
      toast({ text })
      onClose()
    },
  })
  const submit = (): void =>
    link === null
      ? add.mutate({ destination, platform, name }, done(t('added')))
      : rename.mutate({ linkId: link.id, body: { name } }, done(t('renamed')))
  return (
    <FormDialog
      title={t(link === null ? 'add' : 'rename')}
      action={common(link === null ? 'actions.create' : 'actions.save')}
      isPending={isPending}
      isDisabled={name.trim() === '' || destination.trim() === ''}
      onSubmit={submit}
      onClose={onClose}
    >
      {error !== null && Object.keys(issues).length === 0 && <Banner tone="error" title={message} />}
      <TextField
        label={t('name')}
        hint={t('nameHint')}
        value={name}
        onChange={setName}
        error={issues['name']}
        maxLength={120}
      />
      {link === null && (
        <>
          <Select
            label={t('platform')}
            options={POST_PLATFORMS.map((value) => ({ value, label: platforms(value) }))}
            value={platform}
            onChange={setPlatform}
          />
          <TextField
            label={t('destination')}
            hint={t('destinationHint')}
            placeholder="https://shop.example.com/sale"
            inputMode="url"
            value={destination}
            onChange={setDestination}
            error={issues['destination']}
            maxLength={2_000}
          />
        </>
      )}
    </FormDialog>
  )
}
