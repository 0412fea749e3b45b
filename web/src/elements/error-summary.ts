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
