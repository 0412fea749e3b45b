/** How much waits: the badge in the header, said aloud when it grows; lists on the page ask anew (`xz:waits`). */
interface Waiting { todos: number; overdue: number; unread: number; latest: number }

const KEPT = 'xz.waits';

export function followWaiting(): void {
  const link = document.getElementById('waits');
  const address = link?.dataset.events;
  if (!link || !address) {
    // Whoever signs in next at this browser begins without the numbers of the last one.
    sessionStorage.removeItem(KEPT);
    return;
  }
  let shown = kept();
  if (shown) show(link, shown);
  let stream: EventSource | undefined;

  const follow = (): void => {
    if (document.hidden) {
      // Only the page that is looked at holds a line open: a browser has few to one server.
      stream?.close();
      stream = undefined;
    } else if (!stream) {
      stream = new EventSource(address);
      stream.addEventListener('waits', event => {
        const now = JSON.parse((event as MessageEvent<string>).data) as Waiting;
        const before = shown;
        shown = now;
        sessionStorage.setItem(KEPT, JSON.stringify(now));
        show(link, now);
        if (before && now.todos + now.unread > before.todos + before.unread) say(words(link, now));
        // What the page shows may be older than the line it opened.
        const place = document.querySelector<HTMLElement>('[data-waits]');
        if (place && place.dataset.waits !== stamp(now)) document.body.dispatchEvent(new CustomEvent('xz:waits'));
      });
    }
  };
  document.addEventListener('visibilitychange', follow);
  addEventListener('pagehide', () => { stream?.close(); stream = undefined; });
  addEventListener('pageshow', follow);
  follow();
}

function kept(): Waiting | undefined {
  const text = sessionStorage.getItem(KEPT);
  return text ? (JSON.parse(text) as Waiting) : undefined;
}

/** As the lists carry it (web/pages/notices.py). */
function stamp(now: Waiting): string {
  return [now.todos, now.overdue, now.unread, now.latest].join('/');
}

function show(link: HTMLElement, waiting: Waiting): void {
  const badge = link.querySelector<HTMLElement>('.badge');
  const count = waiting.todos + waiting.unread;
  if (badge) {
    badge.textContent = count > 99 ? '99+' : String(count);
    badge.hidden = count === 0;
  }
  link.setAttribute('aria-label', `${link.firstChild?.textContent ?? ''} · ${words(link, waiting)}`);
}

function words(link: HTMLElement, waiting: Waiting): string {
  return (link.dataset.waiting ?? '').replace('{todos}', String(waiting.todos)).replace('{unread}', String(waiting.unread));
}

function say(text: string): void {
  const place = document.getElementById('announce');
  if (place) place.textContent = text;
}
