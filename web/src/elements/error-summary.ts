/** On a page that came whole with a rejected form, take the reader to what needs mending: to the one field that is
 *  wrong, unfolding what hides it, else to the list of all that is. */
export function leadToErrors(): void {
  const summary = document.querySelector<HTMLElement>('[role=alert][tabindex]');
  const faults = [...summary?.querySelectorAll('li') ?? []];
  const hash = faults.length === 1 ? faults[0]!.querySelector('a')?.hash ?? '' : '';
  const field = document.getElementById(hash.slice(1));
  for (let fold = field?.closest('details'); fold; fold = fold.parentElement?.closest('details')) fold.open = true;
  (field ?? summary)?.focus();
}

/** After a rejected form is swapped in, its fields are marked and the reader is taken to what needs mending. */
export function followErrors(): void {
  document.addEventListener('htmx:after:swap', () => {
    markFields();
    document.querySelector<HTMLElement>('[role=alert][tabindex]')?.focus();
  });
}

/** Mark the fields that a summary links to; the answer alone was swapped, the form stands as it was typed. */
function markFields(): void {
  for (const field of document.querySelectorAll<HTMLElement>('[data-marked]')) {
    mark(field, false);
  }
  for (const link of document.querySelectorAll<HTMLAnchorElement>('[role=alert][tabindex] a[href^="#f-"]')) {
    const field = document.getElementById(link.hash.slice(1));
    if (field !== null && !field.hasAttribute('aria-invalid')) {
      mark(field, true);
    }
  }
}

function mark(field: HTMLElement, wrong: boolean): void {
  field.toggleAttribute('data-marked', wrong);
  if (wrong) {
    field.setAttribute('aria-invalid', 'true');
  } else {
    field.removeAttribute('aria-invalid');
  }
  field.closest('.field')?.classList.toggle('bad', wrong);
}
