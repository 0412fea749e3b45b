/** The page of a work keeps what is typed and drawn in its address: leaving it, changing the language or reloading loses none. */

const NEW = /^\/works\/(new|check|fields|section|upload|part|contest)$/;
const OWN = new Set(['csrf', 'reason', 'work_id', 'version', 'crs', 'at', 'at_run', 'at_turn', 'at_reach', 'at_scale']);
const LONGEST_ADDRESS = 6000;
const WAIT_MS = 300;

/** Keep the address in step with the form, and hand both on to the switches in the header. */
export function keepAddress(): void {
  const form = document.querySelector<HTMLFormElement>('#work-form');
  if (!form) return;
  if (NEW.test(location.pathname)) {
    let timer = 0;
    const keep = (): void => {
      const address = addressOf(form, OWN);
      // What is too long for an address stays on the page alone.
      if (address !== undefined) history.replaceState(history.state, '', address);
      else if (location.pathname !== '/works/new') history.replaceState(history.state, '', '/works/new');
    };
    if (location.pathname !== '/works/new') keep();
    form.addEventListener('input', () => {
      clearTimeout(timer);
      timer = window.setTimeout(keep, WAIT_MS);
    });
    window.addEventListener('pagehide', keep);
  }
  let isTyped = !location.pathname.match(/^\/works\/\d+$/);
  form.addEventListener('input', () => { isTyped = true; });
  document.querySelector<HTMLFormElement>('form.prefs')?.addEventListener('submit', event => {
    const back = (event.target as HTMLFormElement).elements.namedItem('back') as HTMLInputElement;
    const address = isTyped ? addressOf(form, new Set(['csrf', 'reason'])) : undefined;
    if (address !== undefined) back.value = address;
  });
}

/** The address that brings the form back, with where the map is looked at; undefined when it would be too long. */
function addressOf(form: HTMLFormElement, without: Set<string>): string | undefined {
  const query = new URLSearchParams();
  for (const name of ['e', 'n', 'z']) {
    const place = new URL(location.href).searchParams.get(name);
    if (place) query.set(name, place);
  }
  for (const [name, value] of new FormData(form)) {
    if (typeof value === 'string' && value && !without.has(name) && !name.startsWith('reason-')) query.set(name, value);
  }
  const address = `/works/new?${query}`;
  return address.length < LONGEST_ADDRESS ? address : undefined;
}
