import type { ReactNode } from 'react'
import { Tabs as AriaTabs, Tab, TabList, TabPanel } from 'react-aria-components'
import { showInRow } from './show-in-row.ts'

/** One tab and what it shows. */
export interface TabItem<Id extends string> {
  id: Id
  label: string
  /** A number beside the label. */
  count?: string
  content: ReactNode
}

/** Views of one thing: `<Tabs label={t('views')} items={[…]} selected={tab} onSelect={setTab} />`. */
export function Tabs<Id extends string>({
  label,
  items,
  selected,
  onSelect,
}: {
  label: string
  items: readonly TabItem<Id>[]
  selected?: Id
  onSelect?: (id: Id) => void
}) {
  return (
    <AriaTabs
      {...(selected === undefined ? {} : { selectedKey: selected })}
      // The keys are the items' own ids.
      {...(onSelect ? { onSelectionChange: (key) => onSelect(key as Id) } : {})}
      className="flex min-w-0 flex-col gap-5"
    >
      <TabList aria-label={label} className="flex gap-5 overflow-x-auto border-b border-line">
        {items.map((item) => (
          <Tab
            key={item.id}
            id={item.id}
            className="-mb-px flex h-9 shrink-0 cursor-default items-center gap-1.5 rounded-t-sm border-b-2 border-transparent text-base text-muted outline-none data-[focus-visible]:bg-soft data-[hovered]:text-text data-[selected]:border-accent data-[selected]:font-medium data-[selected]:text-text"
          >
            {({ isSelected }) => (
              <>
                {item.label}
                {item.count !== undefined && <span className="figures text-sm text-muted">{item.count}</span>}
                {isSelected && <span ref={showInRow} hidden />}
              </>
            )}
          </Tab>
        ))}
      </TabList>
      {items.map((item) => (
        <TabPanel key={item.id} id={item.id} className="min-w-0 outline-none">
          {item.content}
        </TabPanel>
      ))}
    </AriaTabs>
  )
}
