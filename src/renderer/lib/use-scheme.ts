import { useComputedColorScheme, useMantineColorScheme } from '@mantine/core'
import { useColorScheme } from '@mantine/hooks'

/** Follows the system; switching shows the other scheme, and back on the system's own it follows again. */
export const useScheme = () => {
  const { setColorScheme } = useMantineColorScheme()
  const shown = useComputedColorScheme('light')
  const system = useColorScheme()
  const other = shown === 'dark' ? 'light' : 'dark'
  return {
    shown,
    words: `Show the ${other} scheme`,
    change: (): void => setColorScheme(other === system ? 'auto' : other),
  }
}
