/** Swaps without style attributes: htmx copies that of an element with an id onto its successor, which the policy of
 *  the pages refuses; an empty one, left behind by a script, says nothing. */
export function dropEmptyStyles(): void {
  document.addEventListener('htmx:before:swap', () => {
    for (const one of document.querySelectorAll('[id][style=""]')) one.removeAttribute('style');
  });
}
