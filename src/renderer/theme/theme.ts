import { Button, createTheme, type CSSVariablesResolver, type MantineColorsTuple } from '@mantine/core'

const iris: MantineColorsTuple = [
  '#f1f1fe',
  '#e2e3fb',
  '#c6c8f6',
  '#a8abf1',
  '#8e92ec',
  '#6f74e4',
  '#5a5fdf',
  '#4a4fcb',
  '#3f43b0',
  '#34388f',
]

/** Mantine's two neutral ramps, so that its own parts (inputs, tracks) sit in our greys. */
const dark: MantineColorsTuple = [
  '#e7e9ec',
  '#c9ced5',
  '#a9b1bb',
  '#8a929d',
  '#363d45',
  '#2a3037',
  '#181b1f',
  '#111316',
  '#0e1013',
  '#0b0d0f',
]
const gray: MantineColorsTuple = [
  '#fafbfb',
  '#f0f2f4',
  '#e7e9ec',
  '#dde1e5',
  '#d2d6db',
  '#a3abb5',
  '#8a929d',
  '#68707c',
  '#3a414b',
  '#171a1f',
]

/** A button in a line of a rail or a list, which it must not touch above and below. */
const COMPACT = { height: 24, paddingInline: 8 }
const CONTROL = { height: 28, paddingInline: 10 }
const isCompact = (size: unknown): boolean => typeof size === 'string' && size.startsWith('compact')

const xs = { defaultProps: { size: 'xs' } }
const controlInput = { styles: { input: { height: 28, minHeight: 28 } }, ...xs }

/** Mantine gets small defaults once, so that views never pass sizes. */
export const theme = createTheme({
  primaryColor: 'iris',
  primaryShade: { light: 7, dark: 6 },
  colors: { iris, dark, gray },
  fontFamily: 'var(--font)',
  fontFamilyMonospace: 'var(--mono)',
  fontSizes: { xs: '12px', sm: '13px', md: '13px', lg: '15px', xl: '20px' },
  defaultRadius: 'sm',
  radius: { xs: '3px', sm: '5px', md: '6px', lg: '10px' },
  cursorType: 'pointer',
  components: {
    Button: Button.extend({
      defaultProps: { size: 'xs', variant: 'default' },
      styles: (_, { size }) => ({
        root: { ...(isCompact(size) ? COMPACT : CONTROL), fontWeight: 500, flex: 'none' },
      }),
    }),
    ActionIcon: { defaultProps: { variant: 'subtle', color: 'gray', size: 26 } },
    TextInput: controlInput,
    PasswordInput: xs,
    NumberInput: { ...controlInput, defaultProps: { size: 'xs', hideControls: true } },
    Select: {
      ...controlInput,
      defaultProps: { size: 'xs', allowDeselect: false, checkIconPosition: 'right' },
    },
    Autocomplete: controlInput,
    TagsInput: xs,
    Textarea: xs,
    SegmentedControl: {
      defaultProps: { size: 'xs', withItemsBorders: false },
      styles: { root: { background: 'var(--hover)' }, label: { fontWeight: 500 } },
    },
    Checkbox: xs,
    Radio: xs,
    Switch: xs,
    Notification: { defaultProps: { closeButtonProps: { 'aria-label': 'Close' } } },
    // There at once. The page never scrolls, its parts do: to lock it would have the browser work out all styles anew.
    ModalRoot: { defaultProps: { lockScroll: false, transitionProps: { duration: 0 } } },
    Tooltip: { defaultProps: { openDelay: 300, withinPortal: true } },
  },
})

/** Mantine's own variables point at our tokens, so that both speak one palette. */
export const cssVariables: CSSVariablesResolver = () => {
  const shared = {
    '--mantine-color-body': 'var(--bg)',
    '--mantine-color-text': 'var(--text)',
    '--mantine-color-dimmed': 'var(--text-2)',
    '--mantine-color-placeholder': 'var(--text-3)',
    '--mantine-color-default': 'var(--bg-raised)',
    '--mantine-color-default-hover': 'var(--hover)',
    '--mantine-color-default-color': 'var(--text)',
    '--mantine-color-default-border': 'var(--line-strong)',
    '--mantine-color-error': 'var(--failed)',
    '--mantine-color-anchor': 'var(--accent)',
  }
  return { variables: {}, light: shared, dark: shared }
}
