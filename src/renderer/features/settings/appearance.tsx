import { SegmentedControl, Switch, useMantineColorScheme } from '@mantine/core'
import { useKept } from '../../lib/kept-switch.ts'
import { SINGLE_KEYS, singleKeys } from '../../lib/single-keys.ts'
import { Field } from '../../ui/field.tsx'
import { Section } from '../../ui/text.tsx'

const SCHEMES = [
  { value: 'auto', label: 'as the system' },
  { value: 'light', label: 'light' },
  { value: 'dark', label: 'dark' },
] as const

/** Of this window or browser only; nothing of it goes to the node. */
export function Appearance() {
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const keysOn = useKept(singleKeys)
  return (
    <Section title="This window">
      <Field label="Colours">
        <SegmentedControl
          aria-label="Colours"
          value={colorScheme}
          data={[...SCHEMES]}
          onChange={(value) => setColorScheme(SCHEMES.find((one) => one.value === value)?.value ?? 'auto')}
        />
      </Field>
      <Field label={SINGLE_KEYS.label} htmlFor="single-keys" help={SINGLE_KEYS.description}>
        <Switch
          id="single-keys"
          checked={keysOn}
          onChange={(event) => singleKeys.set(event.currentTarget.checked)}
        />
      </Field>
    </Section>
  )
}
