/** Forms that a passkey answers: the server's question is signed by the device, the answer sent with the form. */

export function askForPasskeys(): void {
  // Browsers without these have no passkeys that a page could ask for; the forms stay hidden.
  if (!window.PublicKeyCredential || !('parseCreationOptionsFromJSON' in PublicKeyCredential)) return;
  for (const hint of document.querySelectorAll<HTMLElement>('[data-no-passkeys]')) hint.hidden = true;
  for (const form of document.querySelectorAll<HTMLFormElement>('form[data-passkey]')) {
    form.hidden = false;
    form.addEventListener('submit', event => {
      event.preventDefault();
      void answer(form);
    });
  }
}

async function answer(form: HTMLFormElement): Promise<void> {
  const said = form.querySelector<HTMLElement>('[data-said]')!;
  const button = form.querySelector('button')!;
  said.textContent = '';
  button.disabled = true;
  try {
    const question = await fetch(form.dataset['question']!, {method: 'POST', body: asked(form)});
    const told = await question.json() as {refusal?: string};
    if (!question.ok) {
      said.textContent = told.refusal ?? form.dataset['failed']!;
      return;
    }
    const given = await signed(form.dataset['passkey']!, told);
    form.querySelector<HTMLInputElement>('[name=answer]')!.value = JSON.stringify(given.toJSON());
    // The password has done its part: it proved who asks for the question.
    for (const secret of form.querySelectorAll<HTMLInputElement>('[type=password]')) secret.disabled = true;
    form.submit();
  } catch {
    // Cancelled, no such key, or no connection: the browser has told its own story already.
    said.textContent = form.dataset['failed']!;
  } finally {
    button.disabled = false;
  }
}

/** What the question needs of the form: never the answer to an earlier one. */
function asked(form: HTMLFormElement): URLSearchParams {
  const sent = new URLSearchParams();
  for (const [name, value] of new FormData(form)) if (typeof value === 'string' && name !== 'answer') sent.set(name, value);
  return sent;
}

async function signed(what: string, options: unknown): Promise<PublicKeyCredential> {
  const given = what === 'create'
    ? await navigator.credentials.create({
      publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options as PublicKeyCredentialCreationOptionsJSON),
    })
    : await navigator.credentials.get({
      publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options as PublicKeyCredentialRequestOptionsJSON),
    });
  if (!given) throw new Error('no passkey');
  return given as PublicKeyCredential;
}
