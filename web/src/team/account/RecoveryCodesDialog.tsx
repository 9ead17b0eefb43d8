import { useTranslations } from 'use-intl'
import { Button } from '../../ui/Button.tsx'
import { CodeBlock } from '../../ui/CodeBlock.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { FieldStack } from '../../ui/Field.tsx'

/** Recovery codes, this once. */
export function RecoveryCodesDialog({ codes, onClose }: { codes: readonly string[]; onClose: () => void }) {
  const t = useTranslations('team.account.factor')
  return (
    <Dialog
      title={t('codesTitle')}
      isOpen
      isKeptOpen
      onOpenChange={(isOpen) => !isOpen && onClose()}
      footer={(close) => (
        <Button variant="primary" onPress={close}>
          {t('kept')}
        </Button>
      )}
    >
      <FieldStack>
        <p>{t('codes')}</p>
        <CodeBlock label={t('codesLabel')} code={codes.join('\n')} />
      </FieldStack>
    </Dialog>
  )
}
