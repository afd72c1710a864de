/** Selects whose options the app brings: with the block (static), or live while somebody types (external). */
import { useRef, useState } from 'preact/hooks';
import type { SlackOption } from '../../protocol.ts';
import { useScreen } from '../data/screen.ts';
import { html, type VNode } from '../html.ts';
import { type OptionGroup, Picker } from './picker.ts';
import { useSurface } from './surface.ts';
import { type ElementProps, fieldAttributes, placeholderOf, useElement } from './use-element.ts';
import { type AnyElement, valuesOf } from './value.ts';

export function StaticSelect(props: ElementProps): VNode {
  const groups = groupsOf(props.element);
  return html`<${OptionSelect} ...${props} groups=${groups} />`;
}

/** Slack asks the app only from this many characters on, unless the element says otherwise. */
const minQueryLengthDefault = 3;
const queryPauseMs = 200;

export function ExternalSelect(props: ElementProps): VNode {
  const { act } = useScreen();
  const { place } = useSurface();
  const [groups, setGroups] = useState<readonly OptionGroup[]>([]);
  const [status, setStatus] = useState<string | undefined>(undefined);
  const asked = useRef(0);
  const pause = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const { element, blockId } = props;
  const min = typeof element.min_query_length === 'number' ? element.min_query_length : minQueryLengthDefault;

  const load = async (query: string, turn: number) => {
    const where = { in: place, blockId, actionId: element.action_id ?? '' };
    const outcome = await act({ do: 'load-options', ...where, query }, { quiet: true });
    // An older answer must not replace a newer one.
    if (turn !== asked.current) return;
    setStatus(outcome.ok ? undefined : outcome.message);
    if (!outcome.ok) return;
    setGroups(outcome.optionGroups ?? [{ label: '', options: outcome.options ?? [] }]);
  };
  const onQuery = (query: string) => {
    asked.current += 1;
    const turn = asked.current;
    clearTimeout(pause.current);
    if ([...query].length < min) {
      const missing = min - [...query].length;
      return setStatus(`Type ${missing} more character${missing === 1 ? '' : 's'} to search`);
    }
    setStatus('Loading…');
    pause.current = setTimeout(() => void load(query, turn), query === '' ? 0 : queryPauseMs);
  };

  return html`<${OptionSelect} ...${props} groups=${groups} onQuery=${onQuery} status=${status} />`;
}

interface OptionSelectProps extends ElementProps {
  readonly groups: readonly OptionGroup[];
  readonly onQuery?: (query: string) => void;
  readonly status?: string | undefined;
}

export function OptionSelect(props: OptionSelectProps): VNode {
  const { element, field, groups, onQuery, status } = props;
  const { set, setting, isBusy } = useElement(props);
  const isMulti = element.type.startsWith('multi_');
  const known = groups.flatMap((group) => group.options);
  const chosen = valuesOf(setting).map((value) => {
    const option = [...setting.options, ...known].find((one) => one.value === value);
    return option ?? { value, text: { type: 'plain_text', text: value } };
  });
  const placeholder = placeholderOf(element) || (isMulti ? 'Select options' : 'Select an option');

  return html`<${Picker}
    groups=${groups}
    chosen=${chosen}
    isMulti=${isMulti}
    maxChosen=${typeof element.max_selected_items === 'number' ? element.max_selected_items : undefined}
    placeholder=${placeholder}
    isBusy=${isBusy}
    attributes=${fieldAttributes(field, chosen[0]?.text.text ?? placeholder)}
    onQuery=${onQuery}
    status=${status}
    onChoose=${(options: readonly SlackOption[]) => {
      const values = options.map(({ value }) => value);
      void set(isMulti ? values : (values[0] ?? null), { chosen: options });
    }}
  />`;
}

function groupsOf(element: AnyElement): readonly OptionGroup[] {
  const groups = element.option_groups as
    | readonly { label: { text: string }; options: readonly SlackOption[] }[]
    | undefined;
  if (groups) return groups.map(({ label, options }) => ({ label: label.text, options }));
  return [{ label: '', options: (element.options as readonly SlackOption[] | undefined) ?? [] }];
}
