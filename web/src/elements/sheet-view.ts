/** A cross-section wider than its window opens on the new work, which stands in its middle, and not on its left half. */
const SECTIONS = '.sheet[data-chainage]';

/** Do so at the start and whenever another section comes. */
export function openOnTheWork(): void {
  const centred = (): void => {
    for (const sheet of document.querySelectorAll<HTMLElement>(SECTIONS)) {
      const beyond = sheet.scrollWidth - sheet.clientWidth;
      if (beyond > 0 && !sheet.dataset['centred']) sheet.scrollLeft = beyond / 2;
      // What the reader moved himself stays where he put it.
      sheet.dataset['centred'] = 'true';
    }
  };
  document.addEventListener('htmx:after:swap', centred);
  centred();
}
