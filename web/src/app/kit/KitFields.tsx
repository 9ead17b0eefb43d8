import { useState } from 'react'
import { Checkbox, CheckboxGroup } from '../../ui/Checkbox.tsx'
import { ComboBox } from '../../ui/ComboBox.tsx'
import { DateField } from '../../ui/DateField.tsx'
import { DateTimeZoneField } from '../../ui/DateTimeZoneField.tsx'
import { FieldRow, FieldStack } from '../../ui/Field.tsx'
import { FileDrop } from '../../ui/FileDrop.tsx'
import { NumberField } from '../../ui/NumberField.tsx'
import { RadioGroup } from '../../ui/RadioGroup.tsx'
import { SearchField } from '../../ui/SearchField.tsx'
import { Select } from '../../ui/Select.tsx'
import { Switch } from '../../ui/Switch.tsx'
import { TagInput } from '../../ui/TagInput.tsx'
import { TextArea, TextField } from '../../ui/TextField.tsx'

const channels = [
  { value: 'email', label: 'Email' },
  { value: 'sms', label: 'SMS' },
  { value: 'whatsapp', label: 'WhatsApp', isDisabled: true },
] as const

const segments = [
  { value: 'vip', label: 'VIP members', note: '1,204 people' },
  { value: 'new', label: 'New this month', note: '312 people' },
  { value: 'lapsed', label: 'Lapsed 90 days', note: '8,801 people' },
]

/** Fields of the kit. */
export function KitFields() {
  const [name, setName] = useState('')
  const [email, setEmail] = useState('zoe@')
  const [channel, setChannel] = useState<'email' | 'sms' | 'whatsapp'>('email')
  const [chosen, setChosen] = useState<('email' | 'sms' | 'whatsapp')[]>(['email'])
  const [segment, setSegment] = useState<string | null>(null)
  const [cap, setCap] = useState(3)
  const [share, setShare] = useState(0.1)
  const [day, setDay] = useState<string | null>('2026-11-27')
  const [when, setWhen] = useState<{ at: string | null; timeZone: string }>({
    at: '2026-11-27T09:00',
    timeZone: 'Europe/Paris',
  })
  const [tags, setTags] = useState<string[]>(['vip', 'early access'])
  const [isTracked, setTracked] = useState(true)
  return (
    <FieldStack>
      <FieldRow>
        <TextField
          label="Name"
          value={name}
          onChange={setName}
          placeholder="Black Friday"
          hint="Only your team sees it."
        />
        <TextField label="Email" value={email} onChange={setEmail} error="This is not an email address." />
      </FieldRow>
      <FieldRow>
        <Select label="Channel" options={channels} value={channel} onChange={setChannel} />
        <ComboBox label="Segment" options={segments} value={segment} onChange={setSegment} isOptional />
      </FieldRow>
      <FieldRow>
        <NumberField label="Messages a week" value={cap} onChange={setCap} minValue={0} />
        <NumberField
          label="Holdout"
          value={share}
          onChange={setShare}
          minValue={0}
          maxValue={0.5}
          step={0.01}
          formatOptions={{ style: 'percent' }}
        />
      </FieldRow>
      <DateTimeZoneField value={when} onChange={setWhen} ownTimeZone="America/New_York" />
      <FieldRow>
        <DateField label="Birthday" value={day} onChange={setDay} />
        <TextField label="Subdomain" defaultValue="news" suffix=".shop.example" />
      </FieldRow>
      <TextArea label="Note" rows={3} isOptional />
      <TagInput label="Tags" value={tags} onChange={setTags} suggestions={['vip', 'wholesale', 'press']} />
      <CheckboxGroup label="Channels" options={channels} value={chosen} onChange={setChosen} />
      <div className="flex flex-wrap gap-4">
        <Checkbox>Plain</Checkbox>
        <Checkbox isIndeterminate>Some</Checkbox>
        <Checkbox isDisabled>Disabled</Checkbox>
      </div>
      <FieldRow>
        <RadioGroup label="When" options={segments} value="vip" onChange={setSegment} />
        <RadioGroup look="cards" label="Audience" options={segments} value="new" onChange={setSegment} />
      </FieldRow>
      <Switch isSelected={isTracked} onChange={setTracked} note="Only for those who agreed to it.">
        Open tracking
      </Switch>
      <Switch isDisabled>Off and disabled</Switch>
      <SearchField label="Search contacts" />
      <FileDrop
        label="CSV file"
        accept={['.csv', 'text/csv']}
        onFile={(file) => setName(file.name)}
        hint="Up to 1 GB. The first row names the columns."
      />
    </FieldStack>
  )
}
