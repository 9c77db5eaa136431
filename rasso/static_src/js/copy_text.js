// "Copy" beside a text: puts it on the clipboard. Without this the text is selected and copied by hand.
async function copy (button) {
  const text = document.getElementById(button.dataset.copies);
  const said = document.getElementById(button.dataset.copySays);
  try {
    await navigator.clipboard.writeText(text.value);
    said.textContent = 'Copied.';
  } catch {
    text.focus();
    text.select();
    said.textContent = 'The text is selected. Copy it with the keyboard.';
  }
}

export function startCopyText () {
  document.querySelectorAll('[data-copies]').forEach((button) => {
    button.hidden = false;
    button.addEventListener('click', () => copy(button));
  });
}
