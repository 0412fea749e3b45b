/** After a rejected form is swapped in, the reader is taken to what needs mending. */
export function followErrors(): void {
  document.addEventListener('htmx:after:swap', () => {
    document.querySelector<HTMLElement>('[role=alert][tabindex]')?.focus();
  });
}
