/** The bar that belongs to the sandbox, not to anybody in it. */
import { useEffect, useState } from 'preact/hooks';
import { html, type VNode } from '../html.ts';
import { isDark, setTheme } from '../theme.ts';
import { Icon, type IconName } from './icon.ts';

export type DrawerName = 'inspector' | 'world';

interface Props {
  readonly isSplit: boolean;
  readonly drawer: DrawerName | undefined;
  readonly onSplit: () => void;
  readonly onDrawer: (name: DrawerName) => void;
}

export function TopBar({ isSplit, drawer, onSplit, onDrawer }: Props): VNode {
  const [dark, setDark] = useState(isDark());
  useEffect(() => {
    const system = matchMedia('(prefers-color-scheme: dark)');
    const onChange = () => setDark(isDark());
    system.addEventListener('change', onChange);
    return () => system.removeEventListener('change', onChange);
  }, []);
  const toggleTheme = () => {
    setTheme(dark ? 'light' : 'dark');
    setDark(!dark);
  };
  const tool = (icon: IconName, label: string, isOn: boolean, onClick: () => void) =>
    html`<button type="button" class="tool" aria-pressed=${isOn} title=${label} onClick=${onClick}><${Icon} name=${icon} /><span>${label}</span></button>`;
  return html`<header class="top-bar">
    <div class="brand"><span class="brand-light" aria-hidden="true"></span><strong>Sandbox</strong><span class="brand-note">nothing here is real</span></div>
    <div class="tools">
      ${tool('columns', 'Side by side', isSplit, onSplit)}
      ${tool('pulse', 'Inspector', drawer === 'inspector', () => onDrawer('inspector'))}
      ${tool('globe', 'World', drawer === 'world', () => onDrawer('world'))}
      <button type="button" class="tool" aria-label=${dark ? 'Light mode' : 'Dark mode'} title=${dark ? 'Light mode' : 'Dark mode'} onClick=${toggleTheme}><${Icon} name=${dark ? 'sun' : 'moon'} /></button>
    </div>
  </header>`;
}
