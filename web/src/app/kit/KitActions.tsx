import { Pause, Plus, Trash2 } from 'lucide-react'
import { Banner } from '../../ui/Banner.tsx'
import { Button } from '../../ui/Button.tsx'
import { Card } from '../../ui/Card.tsx'
import { CodeBlock, InlineCode } from '../../ui/CodeBlock.tsx'
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx'
import { Dialog, Sheet } from '../../ui/Dialog.tsx'
import { EmptyState } from '../../ui/EmptyState.tsx'
import { ErrorState } from '../../ui/ErrorState.tsx'
import { IconButton } from '../../ui/IconButton.tsx'
import { ExternalLink, LinkButton } from '../../ui/Link.tsx'
import { Menu } from '../../ui/Menu.tsx'
import { Popover } from '../../ui/Popover.tsx'
import { toast } from '../../ui/Toast.tsx'
import { KitFields } from './KitFields.tsx'

/** Buttons, menus, overlays and notices of the kit. */
export function KitActions() {
  return (
    <div className="grid grid-cols-1 gap-5">
      <div className="flex flex-wrap items-center gap-2">
        <Button variant="primary" icon={<Plus aria-hidden />}>
          New campaign
        </Button>
        <Button>Secondary</Button>
        <Button variant="quiet">Quiet</Button>
        <Button variant="danger">Delete</Button>
        <Button isPending variant="primary">
          Saving
        </Button>
        <Button isDisabled>Disabled</Button>
        <Button
          disabledReason="Your role, viewer, may look at this but not change it."
          icon={<Pause aria-hidden />}
        >
          Pause
        </Button>
        <Button size="sm">Small</Button>
        <IconButton label="Remove">
          <Trash2 aria-hidden />
        </IconButton>
        <LinkButton to="/">Home</LinkButton>
        <ExternalLink href="https://example.com">Elsewhere</ExternalLink>
      </div>
      <div className="flex flex-wrap items-center gap-2">
        <Dialog
          title="New campaign"
          trigger={<Button>Dialog</Button>}
          footer={(close) => (
            <>
              <Button onPress={close}>Cancel</Button>
              <Button variant="primary" onPress={close}>
                Create draft
              </Button>
            </>
          )}
        >
          <KitFields />
        </Dialog>
        <Sheet title="Contact" trigger={<Button>Sheet</Button>}>
          <p>Beside the page.</p>
        </Sheet>
        <ConfirmDialog
          title="Delete 3 contacts?"
          action="Delete 3 contacts"
          isDangerous
          trigger={<Button variant="danger">Confirm</Button>}
          onConfirm={() => toast({ text: '3 contacts deleted', onUndo: () => Promise.resolve() })}
        >
          They can be restored within 30 days.
        </ConfirmDialog>
        <Menu
          label="Actions"
          trigger={<Button>Menu</Button>}
          entries={[
            { id: 'edit', label: 'Edit', onAction: () => undefined },
            { id: 'duplicate', label: 'Duplicate', note: 'With its content and audience' },
            { id: 'pause', label: 'Pause', disabledReason: 'Only a running campaign can be paused.' },
            'separator',
            { id: 'delete', label: 'Delete', icon: <Trash2 aria-hidden />, isDangerous: true },
          ]}
        />
        <Popover label="Filters" trigger={<Button>Popover</Button>}>
          <p>A few fields.</p>
        </Popover>
        <Button onPress={() => toast({ text: '“Black Friday” archived', onUndo: () => Promise.resolve() })}>
          Toast
        </Button>
      </div>
      <Banner tone="info">Mail stays in this machine's mailbox until an SMTP server is set.</Banner>
      <Banner tone="success" title="Sent">
        All 19,995 messages were handed over.
      </Banner>
      <Banner tone="warning" action={<Button size="sm">Set up</Button>}>
        The sender is not verified yet.
      </Banner>
      <Banner tone="error" title="Three addresses were refused">
        See the list below.
      </Banner>
      <CodeBlock
        label="Source"
        code={'curl -H "Authorization: Bearer fan_live_…" https://fanfare.example/api/campaigns'}
      />
      <p>
        Write <InlineCode>{'{{ contact.first_name }}'}</InlineCode> in a sentence.
      </p>
      <Card>
        <EmptyState
          title="No campaigns yet"
          icon={<Plus />}
          action={<Button variant="primary">New campaign</Button>}
        >
          A campaign brings one message to many people. Start with a draft; nothing leaves before you launch
          it.
        </EmptyState>
      </Card>
      <Card>
        <ErrorState error={new Error('internal')} onRetry={() => undefined} />
      </Card>
    </div>
  )
}
