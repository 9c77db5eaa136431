// Passkeys: a form says in data-passkey whether one is made ("create") or used ("get"), and in data-options, or at the address of
// data-options-url, what the browser is asked for. What it answers is sent with the form. Without script such a form stays hidden.
const toBytes = (text) => Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), (one) => one.charCodeAt(0));
const toText = (bytes) => bytes && btoa(String.fromCharCode(...new Uint8Array(bytes)))
  .replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');

function readable ({publicKey}) {
  const known = (list) => list?.map((one) => ({...one, id: toBytes(one.id)}));
  return {
    publicKey: {
      ...publicKey,
      challenge: toBytes(publicKey.challenge),
      ...(publicKey.user && {user: {...publicKey.user, id: toBytes(publicKey.user.id)}}),
      ...(publicKey.excludeCredentials && {excludeCredentials: known(publicKey.excludeCredentials)}),
      ...(publicKey.allowCredentials && {allowCredentials: known(publicKey.allowCredentials)})
    }
  };
}

function sendable (credential) {
  const {response} = credential;
  const parts = ['clientDataJSON', 'attestationObject', 'authenticatorData', 'signature', 'userHandle'];
  return {
    id: credential.id,
    rawId: toText(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment,
    clientExtensionResults: credential.getClientExtensionResults(),
    response: {
      ...Object.fromEntries(parts.filter((part) => response[part]).map((part) => [part, toText(response[part])])),
      ...(response.getTransports && {transports: response.getTransports()})
    }
  };
}

async function optionsOf (form) {
  if (form.dataset.options) return JSON.parse(form.dataset.options);
  const body = new FormData(form);
  body.delete('credential');
  const answer = await fetch(form.dataset.optionsUrl, {method: 'POST', body, headers: {Accept: 'application/json'}});
  if (!answer.ok) throw new Error(`${answer.status}`);
  return answer.json();
}

async function ask (form) {
  const trouble = form.querySelector('[data-passkey-trouble]');
  trouble.hidden = true;
  try {
    const asked = readable(await optionsOf(form));
    const credential = await navigator.credentials[form.dataset.passkey](asked);
    form.elements.credential.value = JSON.stringify(sendable(credential));
    form.submit();
  } catch {
    // Refused, cancelled, or too slow: the browser says more than it tells us.
    trouble.hidden = false;
    trouble.focus();
  }
}

export function startPasskeys () {
  if (!window.PublicKeyCredential) return;
  document.querySelectorAll('form[data-passkey]').forEach((form) => {
    form.hidden = false;
    form.parentElement.querySelector('[data-passkey-missing]')?.remove();
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      ask(form);
    });
  });
}
