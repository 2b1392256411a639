import { SegmentedControl, Switch, useMantineColorScheme } from '@mantine/core'
import { DESKTOP_SWITCH_WORDS } from '../../../shared/domain/desktop.ts'
import { useKept } from '../../lib/kept-switch.ts'
import { SINGLE_KEYS, singleKeys } from '../../lib/single-keys.ts'
import { Field } from '../../ui/field.tsx'
import { Section } from '../../ui/text.tsx'
import { useDesktopSwitches } from './use-desktop-switches.ts'

const SCHEMES = [
  { value: 'auto', label: 'as the system' },
  { value: 'light', label: 'light' },
  { value: 'dark', label: 'dark' },
] as const

/** Of this window or browser, and of the program around it; nothing of it goes to other nodes. */
export function Appearance() {
  return (
    <>
      <ThisWindow />
      <Desktop />
    </>
  )
}

/** What the program does without a window; not there in a browser. */
function Desktop() {
  const { switches, change } = useDesktopSwitches()
  if (switches.length === 0) return null
  return (
    <Section title="On this desktop">
      {switches.map(({ name, isOn }) => (
        <Field key={name} {...DESKTOP_SWITCH_WORDS[name]} htmlFor={`desktop-${name}`}>
          <Switch
            id={`desktop-${name}`}
            checked={isOn}
            onChange={(event) => change(name, event.currentTarget.checked)}
          />
        </Field>
      ))}
    </Section>
  )
}

function ThisWindow() {
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
