/** Steps along a work while an answer is under way add up: the last request asks for all of them. */
export function sumSteps(): void {
  let wanted: number | undefined;
  document.addEventListener('click', event => {
    const button = (event.target as Element).closest<HTMLButtonElement>('button[data-step]');
    const shown = Number(button?.closest<HTMLElement>('[data-chainage]')?.dataset['chainage']);
    if (!button || !Number.isFinite(shown)) return;
    wanted = Math.max((wanted ?? shown) + Number(button.dataset['step']), 0);
    button.value = wanted.toFixed(3);
    button.setAttribute('hx-vals', JSON.stringify({chainage: button.value}));
    button.closest('figure')?.setAttribute('aria-busy', 'true');
  }, {capture: true});
  // A new drawing says where it is cut; a swap elsewhere leaves the one that waits.
  document.addEventListener('htmx:after:swap', () => {
    if (!document.querySelector('#section [aria-busy]')) wanted = undefined;
  });
  document.addEventListener('htmx:error', () => {
    wanted = undefined;
    document.querySelector('#section [aria-busy]')?.removeAttribute('aria-busy');
  });
}
