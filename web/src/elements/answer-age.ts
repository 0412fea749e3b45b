/**
 * An answer belongs to what was asked. From the first change of the form until a new answer it is told to be the
 * earlier one; when none comes (no connection, an error of the server) it goes: nobody may read the verdict of another
 * line beside the one that is drawn.
 */
const PARTS = ['verdict', 'plan', 'section', 'profile'];
const AGED = ['verdict', 'answer', 'section', 'profile'];

interface Request {target?: Element | null; text?: string; response?: {status: number}}

function request(event: Event): Request {
  return (event as CustomEvent<{ctx?: Request} | null>).detail?.ctx ?? {};
}

const isCheck = (event: Event): boolean => request(event).target?.id === 'answer';
const part = (id: string): HTMLElement | null => document.getElementById(id);

export function followAnswers(): void {
  const form = part('work-form');
  const earlier = part('answer-earlier');
  const none = part('answer-none');
  if (!form || !earlier || !none) return;

  const age = (): void => {
    if (!part('verdict')?.childElementCount) return;
    earlier.hidden = false;
    for (const id of AGED) part(id)?.setAttribute('data-earlier', '');
  };
  const settled = (isAnswered: boolean): void => {
    earlier.hidden = true;
    none.hidden = isAnswered;
    for (const id of AGED) part(id)?.removeAttribute('data-earlier');
  };
  const lose = (): void => {
    for (const id of PARTS) part(id)?.replaceChildren();
    settled(false);
    document.dispatchEvent(new CustomEvent('xz:answer-gone'));
  };

  form.addEventListener('input', age);
  document.addEventListener('htmx:before:request', event => { if (isCheck(event)) age(); });
  document.addEventListener('htmx:after:swap', event => {
    if (!isCheck(event)) return;
    // An answer brings its verdict; a page that tells an error does not.
    if (request(event).text?.includes('id="verdict"')) settled(true);
    else lose();
  });
  document.addEventListener('htmx:error', event => {
    if (!isCheck(event)) return;
    part('answer')?.replaceChildren();
    lose();
  });
}
