import { useTranslations } from 'use-intl'
import { useSession } from '../../platform/session.ts'
import { Banner } from '../../ui/Banner.tsx'
import { Button } from '../../ui/Button.tsx'
import { CodeBlock } from '../../ui/CodeBlock.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { FieldStack } from '../../ui/Field.tsx'
import { useKitText } from '../../ui/text.ts'
import type { Invitation } from '../api.ts'

/** An invitation that has just been sent; where no mail carried its link, with the link, which is shown only now. */
export interface Sent {
  invitation: Invitation
  link: string | null
}

/** Says how an invitation went out, with its link to pass on where mail does not reach. */
export function InvitationLink({ sent, onClose }: { sent: Sent | null; onClose: () => void }) {
  const t = useTranslations('team.invitations')
  const common = useKitText()
  const { mailStaysHere } = useSession().installation
  if (!sent) return null
  const isMailed = sent.invitation.sentAt !== null
  return (
    <Dialog
      title={t('doneTitle', { email: sent.invitation.email })}
      isOpen
      isKeptOpen
      onOpenChange={(isOpen) => !isOpen && onClose()}
      footer={(close) => (
        <Button variant="primary" onPress={close}>
          {common('actions.done')}
        </Button>
      )}
    >
      <FieldStack>
        <Banner tone={isMailed && !mailStaysHere ? 'success' : 'warning'}>
          {isMailed ? t(mailStaysHere ? 'stays' : 'mailed') : t('notMailed')}
        </Banner>
        {sent.link !== null && <CodeBlock label={t('link')} code={sent.link} isWrapped />}
      </FieldStack>
    </Dialog>
  )
}
