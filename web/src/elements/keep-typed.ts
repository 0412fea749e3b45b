/** Fields that an answer replaces keep what they hold by then: an answer that comes late is older than what was typed.
 *  What a kind of line does not ask for is remembered until one that does comes back. */
export function keepTyped(): void {
  const remembered = new Map<string, Map<string, string | boolean>>();
  document.addEventListener('htmx:before:swap', () => {
    const held = [...document.querySelectorAll<Element>('[data-keep-typed]')].map(
      place => [place.id, new Map([...remembered.get(place.id) ?? [], ...values(place)])] as const
    );
    if (!held.length) return;
    for (const [id, kept] of held) remembered.set(id, kept);
    document.addEventListener('htmx:after:swap', () => {
      for (const [id, kept] of held) restore(document.getElementById(id), kept);
    }, {once: true});
  });
}

type Field = HTMLInputElement | HTMLSelectElement;

function fields(place: Element): Field[] {
  return [...place.querySelectorAll<Field>('input[name], select[name]')];
}

/** What stands in the fields: the value by name; of boxes and buttons, whether each is chosen, by name and value. */
function values(place: Element): Map<string, string | boolean> {
  return new Map(fields(place).map(field => [key(field), chosen(field)]));
}

function restore(place: Element | null, kept: Map<string, string | boolean>): void {
  let changed: Field | undefined;
  for (const field of place ? fields(place) : []) {
    const value = kept.get(key(field));
    if (value === undefined || value === chosen(field)) continue;
    if (typeof value === 'boolean') (field as HTMLInputElement).checked = value;
    // A choice that the new kind does not have stays as the answer says.
    else if (!(field instanceof HTMLSelectElement) || [...field.options].some(one => one.value === value)) {
      field.value = value;
    } else continue;
    changed = field;
  }
  changed?.dispatchEvent(new Event('input', {bubbles: true}));
}

function ticks(field: Field): field is HTMLInputElement {
  return field instanceof HTMLInputElement && ['radio', 'checkbox'].includes(field.type);
}

function key(field: Field): string {
  return ticks(field) ? `${field.name}=${field.value}` : field.name;
}

function chosen(field: Field): string | boolean {
  return ticks(field) ? field.checked : field.value;
}
