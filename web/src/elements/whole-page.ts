/** Buttons that ask for a file or a whole page: the browser sends the form itself, no fragment is swapped. */
export function leaveWholePages(): void {
  document.addEventListener('submit', event => {
    // Seen before the form sees it; the browser's own submit still happens.
    if (event.submitter?.hasAttribute('data-whole')) event.stopPropagation();
  }, {capture: true});
}
