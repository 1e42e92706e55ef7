'use client';

import { Monitor, Moon, Sun } from 'lucide-react';
import { useTheme } from 'next-themes';
import type { MenuItem } from '@/components/ui/menu-popover';

const themes = [
  { id: 'light', label: 'Light', icon: Sun },
  { id: 'dark', label: 'Dark', icon: Moon },
  { id: 'system', label: 'As the system', icon: Monitor },
] as const;

/** The three themes as menu items, the chosen one ticked. */
export function useThemeItems(): MenuItem[] {
  const { theme, setTheme } = useTheme();
  return themes.map(({ id, label, icon }) => ({
    id: `theme-${id}`,
    label,
    icon,
    checked: theme === id,
    onSelect: () => setTheme(id),
  }));
}
