/** What every element does alike: know its value, send a new one, and show that it is under way. */
import { useEffect, useRef, useState } from 'preact/hooks';
import type { ElementValue, Outcome, SlackOption } from '../../protocol.ts';
import { useScreen } from '../data/screen.ts';
import { useSurface } from './surface.ts';
import { type AnyElement, initialSetting, type Setting, settingOfState } from './value.ts';

/** What an input block tells its element. Elements outside of one have no field. */
export interface Field {
  readonly inputId: string;
  readonly labelId: string;
  /** Ids of hint and error. */
  readonly describedBy: string | undefined;
  readonly isInvalid: boolean;
  readonly dispatches: boolean;
}

export interface ElementProps<E extends AnyElement = AnyElement> {
  readonly element: E;
  readonly blockId: string;
  readonly field?: Field | undefined;
}

export interface ElementHandle {
  readonly setting: Setting;
  /** The app is being asked; the element must not be used again meanwhile. */
  readonly isBusy: boolean;
  /** Sets the value. `chosen`: the options behind it, so that they can be named before the box answers. */
  set(value: ElementValue, more?: { chosen?: readonly SlackOption[]; enter?: boolean }): Promise<Outcome>;
  /** A press without a value (a button). */
  press(): Promise<Outcome>;
}

export function useElement({ element, blockId, field }: ElementProps): ElementHandle {
  const screen = useScreen();
  const surface = useSurface();
  const actionId = element.action_id ?? '';
  const remote = surface.state[blockId]?.[actionId];
  const [local, setLocal] = useState<Setting | undefined>(undefined);
  const [isBusy, setIsBusy] = useState(false);
  const sending = useRef(0);

  // What the box says wins over what we remember, unless we are just telling it something else.
  const remoteKey = JSON.stringify(remote);
  useEffect(() => {
    if (sending.current === 0) setLocal(undefined);
  }, [remoteKey]);

  const setting = local ?? (remote ? settingOfState(remote) : initialSetting(element));

  const send = async (value: ElementValue | undefined, enter: boolean): Promise<Outcome> => {
    sending.current += 1;
    if (!field) setIsBusy(true);
    try {
      const where = { in: surface.place, blockId, actionId };
      if (field)
        return await screen.act({ do: 'fill', ...where, value: value ?? null, ...(enter ? { enter } : {}) });
      return await screen.act(
        { do: 'click', ...where, ...(value === undefined ? {} : { value }) },
        { onAsking: (isAsking) => setIsBusy(!isAsking) },
      );
    } finally {
      sending.current -= 1;
      setIsBusy(false);
    }
  };

  return {
    setting,
    isBusy,
    async set(value, { chosen = [], enter = false } = {}) {
      const before = local;
      setLocal({ value, options: chosen });
      const outcome = await send(value, enter);
      // Whoever says no to the confirm dialog finds the old choice again.
      if (!outcome.ok && !field) setLocal(before);
      return outcome;
    },
    press: () => send(undefined, false),
  };
}

/** The attributes that tie an input to its label, hint and error. */
export function fieldAttributes(field: Field | undefined, fallbackLabel: string): Record<string, unknown> {
  if (!field) return { 'aria-label': fallbackLabel };
  return {
    id: field.inputId,
    'aria-describedby': field.describedBy,
    'aria-invalid': field.isInvalid ? 'true' : undefined,
  };
}

export function placeholderOf(element: AnyElement): string {
  const { placeholder } = element;
  const has = typeof placeholder === 'object' && placeholder !== null && 'text' in placeholder;
  return has ? String(placeholder.text) : '';
}
