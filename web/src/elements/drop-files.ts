/** Files dropped onto an upload field become its files; what is chosen is listed by name. */
export function acceptDroppedFiles(): void {
  for (const zone of document.querySelectorAll<HTMLElement>('[data-drop]')) wire(zone);
}

function wire(zone: HTMLElement): void {
  const field = zone.querySelector<HTMLInputElement>('input[type=file]')!;
  const list = zone.querySelector<HTMLElement>('[data-chosen]')!;
  const tell = (): void => {
    list.replaceChildren(...[...field.files ?? []].map(file => {
      const item = document.createElement('li');
      item.textContent = file.name;
      return item;
    }));
  };
  const mark = (over: boolean): void => { zone.toggleAttribute('data-over', over); };
  field.addEventListener('change', tell);
  zone.addEventListener('dragover', event => { event.preventDefault(); mark(true); });
  zone.addEventListener('dragleave', () => mark(false));
  zone.addEventListener('drop', event => {
    event.preventDefault();
    mark(false);
    const dropped = event.dataTransfer?.files;
    if (!dropped?.length) return;
    field.files = dropped;
    tell();
  });
}
